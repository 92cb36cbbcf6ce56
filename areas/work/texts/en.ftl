nav-tasks = Tasks
nav-channel = Grid channel
nav-notices = Notices

task-roster-address-differs = Roster: address differs
task-roster-unregistered = Roster: not registered
task-roster-left-employer = Roster: no longer on it
task-home-verification = Full verification
task-survey-error = Put a survey's finding right
task-data-check = Data check: first visit
task-data-check-desk = Data check: desk check
task-data-check-second-visit = Data check: second visit
task-order = Order
task-transfer = Accept a hand-over
task-correction = Request for correction or deletion
task-declaration = Declaration of a resident
task-open-case = Open the case
error-task-ends-with-case = This task ends with the case it comes from. Open the case and answer there.
task-boundary-change = Hand over after a change of boundaries
task-finding-correction = Put right what an inspection found
task-meeting-decision = Decision of a meeting
task-open-meeting = Open the meeting
task-volunteer-notice = Check of a volunteer's notice
task-scene = Scene

task-outcome = Outcome
task-outcome-registered = Registered
task-outcome-changed = Changed
task-outcome-moved = Moved to another home
task-outcome-cancelled = Cancelled
task-outcome-confirmed = Checked, all correct
task-outcome-not-there = Does not live or work there
task-outcome-handed-over = Handed over
task-outcome-not-settled = Not settled, the next step follows
task-outcome-refused = Refused with a reason
task-outcome-carried-out = Carried out
task-outcome-overtaken = Overtaken, nothing to be done

task-state = State
task-state-open = Open
task-state-done = Done
task-state-dropped = Dropped

tasks-title = Tasks
tasks-kind = Kind
tasks-all-kinds = All kinds
tasks-mine = Only mine
tasks-narrow = Narrow down
tasks-tab-open = Open
tasks-tab-late = Late
tasks-tab-closed = Done
tasks-none = There are no tasks here.
tasks-none-way = Back to the start page
tasks-what = Task
tasks-where = Where
tasks-check = To be checked
tasks-who = Whose
tasks-due = Due

task-late = Late
task-soon = Due within a day
task-no-due = No deadline
task-history = History
task-open-home = Open this home at the door
task-take = I take this task
task-taken = The task is yours.
task-choose = Please choose
task-close-title = Close
task-close = Close the task
task-closed-now = The task is closed.
task-note-open = Show what is to be checked
task-note-will-record = Showing it leaves an access record.
task-note-recorded = This reading has been recorded.
task-note-name = Name
task-note-doc_no = Document number
task-note-phone = Mobile
task-note-address = Address
task-note-employer = Employer
task-note-since = Since
task-note-left = Left on

event-task-opened = Opened
event-task-assigned = Taken
event-task-closed = Closed
event-task-regridded = Moved to another grid with its premises
event-channel-posted = Posted to the channel

channel-title = Grid channel
channel-none = The channel has no posts yet. Each day's summary is posted here.
channel-post-day = Post my day so far
channel-posted = { $n ->
    [one] Posted to one grid's channel.
   *[other] Posted to the channels of { $n } grids.
}
channel-nothing-today = There is no work of today to sum up yet.
channel-day = { $day }: { $visited } homes visited, { $registered } registered, { $changed } changed, { $cancelled } cancelled, { $tasks } tasks closed.

notices-title = Notices
notices-none = There are no notices.
notices-go = Go there
notices-devices = Push them to my devices
job-work-expire = Clearing notices and the grid channel
retained-notice = Notices
retained-announcement = Announcements in the channel
retained-channel-post = Posts in the channel
retained-outward = Messages that went to the group or were given up
push-title = Linli: something new
push-kind-channel = Grid channel
push-kind-order = Orders
push-kind-meeting = Meetings
push-kind-shift = Shifts
push-kind-roster = Rosters
push-kind-volunteer = Volunteers' notices
push-kind-visit = Visits
push-kind-overdue = Something overdue
push-kind-work = Work

job-daily-report = Daily summary
duty-tasks = Tasks due this month

error-task-subject = A task of this kind ({ $kind }) cannot lie on such a record ({ $subject }).
error-task-closed = The task is closed already.
error-task-outcome = Choose an outcome of this kind of task.
error-task-assignee = Only somebody who holds a post in this grid today can take it.
notice-overdue-doubt = { $grid }: { $n ->
    [one] one doubt about an address is
   *[other] { $n } doubts about addresses are
} overdue. Please see to it.
notice-overdue-transfer = { $grid }: { $n ->
    [one] one hand-over has
   *[other] { $n } hand-overs have
} not been answered in time. Please see to it.
notice-overdue-outward = { $grid }: { $n ->
    [one] one hand-over to another jurisdiction has
   *[other] { $n } hand-overs to other jurisdictions have
} not been answered in time. Please have them asked.
notice-overdue-inward = { $grid }: { $n ->
    [one] one hand-over from another jurisdiction has
   *[other] { $n } hand-overs from other jurisdictions have
} not been answered in time. Please see to it.
job-work-escalate = Reporting overdue doubts and hand-overs

announcement-kind-notice = Announcement
announcement-kind-meeting = Meeting
announcement-new-title = Announce
announcement-no-grid = There are no micro-grids in your scope.
announcement-grid = Micro-grid
announcement-body = Text
announcement-body-hint = No names, telephones, document numbers or doors. The text goes to the WeCom group too.
announcement-max = At most { $n } characters.
announcement-is-meeting = This is a meeting
announcement-day = Day of the meeting
announcement-time = Time
announcement-place = Place
announcement-place-hint = The name of the place, without a door.
announcement-send = Announce
announcement-flash = Announced; the members of the grid know.
announcement-by = Announced by
announcement-read = I have read this
announcement-unread = Not read
announcement-readers = { $n ->
    [one] read by { $n }
   *[other] read by { $n }
}
announcement-receipts = Who has read it
announcement-read-flash = It is on record that you have read it.
announcement-withdraw = Withdraw
announcement-withdrawn = Withdrawn
announcement-withdrawn-flash = Withdrawn. What reached the WeCom group stays there.

robots-title = WeCom group
robots-lead = The grid leader adds a robot to the WeCom group and enters its address here. Daily reports and announcements then go to the group, without personal data.
robot-key = Robot
robot-gone = WeCom says that this robot is gone; enter a new address
robot-since = Entered
robot-waiting = Waiting
robot-last = Last message sent
robot-none = This grid has no robot yet.
robot-address = Address of the robot
robot-address-hint = Begins with https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key= and is stored sealed. It is not shown again.
robot-enter = Save the address
robot-remove = Stop using this robot
robot-flash = Saved. Messages go to this group from now on.
robot-removed-flash = Stopped.

outward-day = [{ $grid }] { $day }: { $visited } homes visited, { $registered } registered, { $changed } changed, { $cancelled } cancelled, { $tasks } tasks closed.
outward-announcement = [{ $grid }] { $text }
outward-meeting = [{ $grid }] { $text } { $day } { $time }, { $place }
outward-convened = [{ $grid }] { $kind } on { $day } at { $time }.
outward-moved = [{ $grid }] { $kind } moved to { $day } at { $time }.
outward-state = WeCom group
outward-state-waiting = Waiting
outward-state-sent = Sent to the group
outward-state-refused = Held back: it may hold personal data
outward-state-given-up = Not sent
outward-error-timeout = WeCom did not answer
outward-error-unreachable = WeCom cannot be reached
outward-error-busy = WeCom is busy
outward-error-unreadable = WeCom's answer cannot be read
outward-error-rejected = WeCom rejected it
outward-error-robot-gone = The robot is gone
outward-error-robot-removed = The robot was taken away
outward-error-free-text-number = It may hold a document number or a mobile
outward-error-free-text-word = It holds a word that is not allowed
outward-error-free-text-person = It may hold a name
outward-error-outward-phone = It may hold a telephone or a mailbox
outward-error-outward-name = It may hold a name
outward-error-outward-door = It holds a door
outward-error-outward-long = Too long
outward-stuck = Messages that did not go out
outward-again = Try again
outward-again-flash = It will be tried again shortly.

event-channel-announced = Announced
event-channel-withdrawn = Announcement withdrawn
event-channel-robot-entered = Robot's address entered
event-channel-robot-removed = Robot taken away
event-channel-outward-sent = Sent to the WeCom group
event-channel-outward-ended = Not sent to the WeCom group
event-channel-outward-again = To be sent to the WeCom group again
notice-announcement = New in the grid channel: { $what }.
notice-outward-ended = A message did not reach the WeCom group: { $why }.
duty-announcements = Reading this month's announcements
duty-daily-reports = This month's daily reports
duty-outward = Messages to the WeCom group

error-announcement-grid = Choose a micro-grid.
error-announcement-empty = Enter a text.
error-announcement-long = At most { $n } characters.
error-announcement-day = Enter today or a later day.
error-announcement-time = Enter a time, such as 14:30.
error-announcement-place = Enter a place of at most { $n } characters.
error-robot-address = This is no address of a WeCom robot. Copy it from the robot's settings.
error-outward-phone = It may hold a telephone, a mailbox or another number. Take it out.
error-outward-name = It may hold a name. Messages of the channel do not speak of single people.
error-outward-door = It names a door. Name the estate, lane or village alone.
error-outward-long = At most { $n } characters.

# Ledgers
ledger-announcements = Announcements
ledger-about-announcements = What was said to micro-grids in the month, and by how many it was read.
