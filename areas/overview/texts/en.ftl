nav-overview = Overview
nav-map = Map
nav-duties = Duties
overview-title = { $n ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
    } · what to do now
overview-to-field = Go and visit
overview-right = Is it right?
overview-interval = registration rate, 95 % interval { $low }–{ $high }
overview-accuracy = Accuracy { $rate } %
overview-survey-of = survey of { $month }
overview-see-surveys = See the surveys
overview-no-survey = No survey was locked in the last months, so nobody knows yet.
overview-done = Will it get done?
overview-coverage = of homes verified, { $n } working days left
overview-overdue = { $n } labelled premises overdue
overview-none-overdue = No labelled premises overdue
overview-timely = within 24 hours: { $rate }
overview-grid-worker = by full-time grid workers: { $rate }
overview-see-map = See which grids lag
overview-waiting = What waits for me
overview-pieces = pieces of work
overview-late = { $n } of them late
overview-nothing-late = Nothing is late
overview-see-duties = See the duty board
overview-now = Next
overview-committees = Registration survey · { $month } (target { $target } %)
overview-committees-plain = Committees
overview-committee = Committee
overview-registration = Registration rate
overview-interval-head = 95 % interval
overview-conclusion = Conclusion
overview-verification = Verified
overview-overdue-head = Overdue
verdict-below = below 98 %, for certain
verdict-above = above 98 %, for certain
verdict-cannot-tell = cannot be told from 98 %
verdict-none = not surveyed
duties-title = Duties
duties-hint = The figures come from the work itself; nothing is ticked by hand.
duties-none = Nothing waits for you now.
duties-duty = Duty
duties-due = Due
duties-done = Done
duties-late = Late
duties-late-n = { $n } late
duties-left-n = { $n } left
duties-scheme = Duties in the scheme
map-title = Map of micro-grids
map-label = Map of micro-grids, coloured by the chosen figure
map-coverage = Verified
map-registration = Registration rate
map-overdue = Overdue
map-overdue-n = { $n } overdue
map-grid = Micro-grid
map-table = List
map-ok-coverage = keeps pace with the month
map-soon-coverage = a little slow
map-late-coverage = behind
map-ok-registration = reaches the target
map-soon-registration = within 2 points of it
map-late-registration = further below
map-ok-overdue = nothing overdue
map-soon-overdue = 1 to 3 overdue
map-late-overdue = more than 3 overdue
api-operation-grid-figures = A month’s counts by grid
api-operation-committee-figures = A month’s counts by committee
