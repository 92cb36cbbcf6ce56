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
