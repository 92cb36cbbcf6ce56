nav-meetings = Meetings
meetings-title = Meetings
meetings-tab-coming = To come
meetings-tab-missed = Missed
meetings-tab-held = Held
meetings-none = No meeting is near. Regular meetings are convened ahead on official working days; conveners can convene one below.
meetings-none-missed = No meeting was missed.
meetings-none-held = No meeting has been held yet. Once its convener has written the minutes, it appears here.

meeting-kind-weekly = Weekly meeting
meeting-kind-monthly = Monthly meeting
meeting-kind-yearly = Yearly meeting
meeting-state-convened = Convened
meeting-state-held = Held
meeting-missed = Missed
meeting-missed-hint = The day of the meeting is over and there are no minutes. If it was held, add the attendance and the minutes.
meeting-what = Meeting
meeting-area = Area
meeting-when = When
meeting-day = Day
meeting-time = Time
meeting-state = State
meeting-convener = Convened by
meeting-came = Came
meeting-invited-n = { $n } invited
meeting-moved-from = was on { $day }
meeting-choose = Please choose
meeting-year-unknown = The official working days of { $year } have not been imported; Monday to Friday is assumed. Check the days once the arrangement is published and imported.

meeting-convene-title = Convene a meeting
meeting-convene-hint = Regular meetings are convened ahead on official working days. One that was not can be convened here; each period has one.
meeting-convene = Convene
meeting-convened-now = The meeting is convened, and those invited have been told.

meeting-followups = Decided before
meeting-followups-none = Nothing decided before is still to be done.
meeting-agenda-now = Agenda, from the data as it is now
meeting-agenda-kept = Agenda
meeting-decisions = Decisions
meeting-decisions-none = Nothing has been decided yet.
meeting-words = What is to be done
meeting-words-hint = Name the work, not a resident and no numbers; up to 200 characters.
meeting-owner = In whose hands
meeting-due-day = By when
meeting-due = by { $day }
meeting-decide = Add the decision
meeting-decided-now = Added. It becomes a task with the minutes.
meeting-withdraw = Take back
meeting-withdrawn-now = Taken back.
meeting-minutes = Minutes
meeting-close-title = Finish the minutes
meeting-summary = Minutes of the meeting
meeting-summary-hint = Write of the work, not of residents, and no numbers of theirs; up to 2,000 characters. Finished minutes do not change, and the decisions become tasks.
meeting-close = Finish the minutes
meeting-held-now = { $n ->
    [0] The minutes stand.
    [one] The minutes stand; one decision became a task.
   *[other] The minutes stand; { $n } decisions became tasks.
}
meeting-record-title = Record
meeting-record-open = The minutes are not finished; this is what there is so far.

meeting-attendance-title = Attendance
meeting-roll = { $came } of { $n } came
meeting-roll-none = This grid has no team yet. Appoint somebody under “Team” first.
meeting-came-invited = Not noted
meeting-came-present = Came
meeting-came-absent = Absent
meeting-how-link = by code
meeting-how-ticked = noted by the convener
meeting-how-own = told by the colleague
meeting-qr-label = QR code for attendance
meeting-qr-hint = Colleagues scan it while signed in. The code is good for { $n } minutes; this page renews it.
meeting-qr-later = On the day of the meeting the code stands here. Reasons for absence can be noted before.
meeting-note = Save attendance
meeting-noted-now = { $n ->
    [0] Nothing changed.
    [one] One person was noted.
   *[other] { $n } people were noted.
}
meeting-present-ask = You are about to be noted as present. No place and no phone is kept.
meeting-present = I am here
meeting-present-now = You are noted as present.
meeting-present-already = You are noted as present already.
meeting-open = Open the meeting
meeting-excuse-title = I cannot come
meeting-reason = Reason
meeting-excuse = Say why
meeting-excused-now = The reason is noted.

meeting-place = Place
meeting-place-title = Say where
meeting-place-hint = The place alone, no names and no numbers. It also stands in the calendar feeds.
meeting-place-set = Save the place
meeting-place-now = The place is saved.

meeting-move-title = Move
meeting-move-hint = A meeting is moved with notice, to an official working day of its period. Everybody invited is told.
meeting-move = Move and tell everybody
meeting-moved-now = The meeting is moved, and those invited have been told.
meeting-move-orders = Other orders from above
meeting-move-emergency = Emergency
meeting-move-place = The room is not free
meeting-move-convener-away = The convener is away on duty

meeting-feed-title = Calendar feed
meeting-feed-name = Linli meetings
meeting-feed-what = Subscribe to your meetings in your own calendar. The link is yours alone; whoever knows it sees the kinds of meetings, grids and times. Nobody's name is in it.
meeting-feed-once = Copy the link now: it is shown this once.
meeting-feed-since = The link works since { $day }.
meeting-feed-none = There is no link yet.
meeting-feed-make = Make a link
meeting-feed-again = Make another link
meeting-feed-revoke = Revoke the link
meeting-feed-revoked-now = The link is revoked.

agenda-last-week = Last week's work
agenda-coverage = Full verification
agenda-due-premises = Visits that are due
agenda-open-orders = Open work
agenda-next-week-shifts = Next week's shifts
agenda-timeliness = Entered in time
agenda-survey-result = The survey's result
agenda-listings = Listings
agenda-next-month = Next month
agenda-yearly-figures = The year's figures
agenda-evaluation = Evaluation of the year
agenda-rewards = Rewards and measures
agenda-next-year = Next year
agenda-work = Since { $since }: { $visited } homes visited, { $registered } registered, { $changed } changed, { $cancelled } cancelled, { $tasks } tasks closed.
agenda-covered = { $done } of { $homes } homes verified this month ({ $percent }); { $left } are left.
agenda-no-homes = There are no homes to verify here.
agenda-timely = { $percent } entered within 24 hours ({ $all } entries, { $late } later).
agenda-no-changes = There are no changes this month yet.
agenda-premises-due = { $n } premises are past their longest gap between visits.
agenda-no-premises-due = { $n } premises are past their longest gap between visits.
agenda-tasks = { $kind }: { $n } open, { $late } of them late.
agenda-no-tasks = No task is open.
agenda-surveyed = { $committee } { $month }: { $registered } registered, { $accurate } accurate.
agenda-no-survey = The last months have no survey result.
agenda-listed = { $committee } is listed since { $month }.
agenda-none-listed = Nothing is listed.
agenda-shifts = Shift plan for the week of { $monday }: { $state }, { $broken } rules not kept.
agenda-no-shifts = There is no shift plan for the week of { $monday } yet.
agenda-stock = { $grids } grids, { $homes } homes, { $residents } people.
agenda-workdays = { $month } has { $n } official working days.
agenda-workdays-year = { $year } has { $n } official working days.
agenda-year-unknown = The official working days of { $year } have not been imported.

notice-meeting-convened = { $kind } ({ $area }) on { $day } at { $time }.
notice-meeting-moved = { $kind } ({ $area }) is moved to { $day } at { $time }.
channel-meeting = { $kind } on { $day } at { $time }.
channel-meeting-moved = { $kind } moved to { $day } at { $time }.

duty-meetings = Meetings to convene this month
duty-meetings-mine = Meetings to attend this month
job-meetings-convene = Convene the regular meetings ahead
job-meetings-expire = Delete meeting records whose time is over
retained-meeting-record = Meeting records

event-meeting-convened = Meeting convened
event-meeting-moved = Meeting moved
event-meeting-roll-changed = Those invited to a meeting changed
event-meeting-roll-noted = Attendance noted
event-meeting-attended = Attendance by code
event-meeting-excused = Reason for absence told
event-meeting-place-set = Place of a meeting set
event-meeting-decided = Decision added
event-meeting-decision-withdrawn = Decision taken back
event-meeting-held = Minutes finished
event-meeting-feed-made = Calendar link made
event-meeting-feed-revoked = Calendar link revoked

error-meeting-place = The place has { $max } characters at most.
error-meeting-kind = The policy pack has no such meeting.
error-meeting-not-convener = This meeting is convened by another post.
error-meeting-held = The minutes stand and do not change.
error-meeting-past = That time is over. Choose a later one.
error-meeting-there = The meeting of this period ({ $period }) is convened already.
error-meeting-no-workday = { $day } is no official working day. Choose another.
error-meeting-out-of-period = This meeting is to be between { $first } and { $last }.
error-meeting-move-late = The meeting is less than { $hours } hours away and can no longer be moved.
error-meeting-move-soon = A move needs { $hours } hours of notice. Choose a later time.
error-meeting-move-reason = Choose why the meeting is moved.
error-meeting-not-now = Attendance is noted from an hour before the meeting to the end of the day.
error-meeting-not-yet = The meeting has not begun.
error-meeting-link = The code is no longer good. Scan the new one on the convener's screen.
error-meeting-not-invited = You are not among those invited. Ask the convener.
error-meeting-reason = Choose a reason.
error-meeting-attended = You are noted as present.
error-meeting-roll-open = { $n } people have neither come nor a reason. Complete the attendance first.
error-meeting-nobody = Nobody came, so there can be no minutes. Move the meeting or complete the attendance.
error-meeting-summary = Write the minutes, up to { $max } characters.
error-meeting-decision-words = Write what is to be done, up to { $max } characters.
error-meeting-decision-owner = Choose somebody who holds a post in this grid.
error-meeting-decision-due = The day cannot be before the meeting's.

# The record as a document
meeting-facts = The meeting
meeting-recorder = Minutes by
meeting-decisions-nil = Nothing was decided.
meeting-name = Name
meeting-post = Post
meeting-attended = Who came
error-meeting-not-held = There are no minutes yet, so no record can be made.

# Ledgers
ledger-meetings = Meetings
ledger-about-meetings = The month’s meetings, who came in numbers, decisions in numbers.
