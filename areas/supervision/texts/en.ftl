nav-inspections = Inspections
nav-suggestions = Suggestions
nav-measures = Measures

inspections-title = Inspections
inspections-planned = Planned
inspections-closed = Closed
inspections-none = No inspection is planned. Plan a group and its grids here.
inspections-none-here = No planned inspection concerns you. A grid learns of its inspection on the day.
inspections-none-closed = No inspection was closed yet. Once a group has written its report, it appears here.
inspection-one = Inspection
inspection-day = Day
inspection-mode = Way of checking
inspection-mode-full = Full check
inspection-mode-spot = Spot check
inspection-grids = Grids
inspection-no-grids = There are no grids yet. Open them under "Grids".
inspection-group = Group
inspection-group-hint = At least one officer and one coordinator, none of whom works in an inspected grid.
inspection-grids-n = { $n ->
    [one] { $n } grid
   *[other] { $n } grids
}
inspection-people-n = { $n ->
    [one] { $n } colleague
   *[other] { $n } colleagues
}
inspection-several = Of more than one committee
inspection-faults = Faults
inspection-unsettled = Not settled
inspection-plan-title = Plan an inspection
inspection-plan = Plan and tell the group
inspection-planned-now = The inspection is planned and its group was told.
inspection-not-yet-hint = On the day the group notes its findings here.
inspection-close-title = Close the inspection
inspection-summary = Report
inspection-summary-hint = On the work, without residents' names and numbers; up to 2,000 characters. The grid leaders are then told.
inspection-close = Close the inspection
inspection-closed-now = { $n ->
    [0] The inspection is closed without faults.
    [one] The inspection is closed; one fault went to its grid.
   *[other] The inspection is closed; { $n } faults went to their grids.
}
inspection-checklist = Checklist
inspection-checklist-full = A full check looks at every item in every grid before it can be closed.
inspection-checklist-hint = Tick what you looked at and found in order; what is not in order becomes a finding below.
inspection-looked-of = { $n } of { $of } looked at
inspection-look = Keep
inspection-looked-now = The checklist is kept.
inspection-in-order = In order
inspection-not-looked = Not looked at
inspection-withdraw = Call the inspection off
inspection-withdrawn = Called off
inspection-was-withdrawn = This inspection was called off.
inspection-withdrawn-now = The inspection was called off and its group was told.
inspection-bulletin = This month's bulletin
inspection-bulletin-title = Bulletin of inspections { $month }
inspection-bulletin-none = Nothing was inspected in this month.

findings-title = Findings
findings-none = No faults were found.
findings-none-yet = Nothing is noted yet. Go through the checklist and note what you find.
findings-waiting = { $n ->
    [one] One fault is not settled
   *[other] { $n } faults are not settled
}
finding-note-title = Note a finding
finding-note = Note
finding-noted-now = The finding is noted. A fault became a task of the grid.
finding-kind = Kind
finding-kind-fault = Fault
finding-kind-praise = Praise
finding-grid = Grid
finding-item = Item of the checklist
finding-choose = Choose
finding-records = Records affected
finding-records-hint = Only for items that count, such as "not registered" or "not cancelled". A number, never a person.
finding-records-n = { $n ->
    [one] one record affected
   *[other] { $n } records affected
}
finding-words = What was seen
finding-words-hint = On premises, work or an organisation, without residents' names and numbers; up to 300 characters.
finding-serious = Serious, goes to the task force at once
finding-is-serious = Serious
finding-raised = Raised
finding-made = Found
finding-state = State
finding-state-open = To be put right
finding-state-corrected = To be looked at again
finding-state-settled = Settled
finding-state-noted = Noted
finding-due = To be put right by { $day }
finding-due-label = Put right by
finding-repeat = Repeat
finding-time = Found for time number { $n } within half a year
finding-sent-back = Sent back
finding-times = { $n ->
    [one] once
   *[other] { $n } times
}
finding-feedback = What was put right
finding-correct-title = Say what was put right
finding-correct = Put right, please look again
finding-corrected-now = The group was told and will look again.
finding-look-title = Look again
finding-look-hint = Settle it after you have seen it. What is not in order goes back to the grid with a new deadline.
finding-settle = Settle
finding-settled = Settled
finding-settled-now = The fault is settled.
finding-send-back = Send back
finding-sent-back-now = The fault was sent back; the grid has a new task.
finding-photos = Photos
finding-photos-none = There are no photos yet.
finding-photo-found = When it was found
finding-photo-corrected = When it was put right
finding-photo-add = Add a photo
finding-photo-hint = Of papers, signs and premises alone, never of persons. The photo is made anew on the server without anything but the time, and sealed; each look at it is on record.
finding-photo-kept-months = { $n ->
    [one] It goes by itself after { $n } month.
   *[other] It goes by itself after { $n } months.
}
finding-photo-send = Keep the photo
finding-photo-kept = The photo is kept, sealed.
finding-photo-open = Enlarge
finding-photo-open-of = Enlarge photo { $n }
finding-photo-remove = Delete
finding-photo-remove-of = Delete photo { $n }
finding-photo-removed = The photo is deleted for good.
finding-photos-open = Look at the photos
finding-photos-read = This look is on record. If a person is on a photo, ask the colleague who took it to delete it.
finding-photo-alt = Photo of the inspection, enlarged
finding-photo-alt-of = { $what }, photo { $n }

bulletin-committee = Committee
bulletin-inspections = Inspections
bulletin-records = Records
bulletin-repeats = Repeats
bulletin-serious = Serious
bulletin-settled = Settled
bulletin-late = Late
bulletin-praise = Praise
bulletin-items = By item of the checklist
bulletin-found-n = { $n ->
    [one] once
   *[other] { $n } times
}
bulletin-note = The bulletin speaks of committees, not of persons. Settled and late are as of the end of the month, or of now while it runs.

suggestions-title = Suggestions and objections
suggestions-open = Waiting
suggestions-answered = Answered
suggestions-none = No suggestion waits for an answer.
suggestions-none-answered = No suggestion was answered yet.
suggestion-kind = Kind
suggestion-kind-suggestion = Suggestion
suggestion-kind-objection = Objection
suggestion-words = Text
suggestion-words-hint = Without residents' names and numbers; up to 1,000 characters.
suggestion-make-title = Bring something forward
suggestion-make-hint = The task force answers within three working days. You and the task force see it, nobody else.
suggestion-make = Send to the task force
suggestion-made-now = The task force has it and answers within three working days.
suggestion-from = From
suggestion-due = Answer by { $day }
suggestion-due-label = Answer by
suggestion-in-time = Answered in time
suggestion-waits = The task force has not answered yet.
suggestion-answer = Answer
suggestion-answer-send = Answer
suggestion-answered-now = The answer is sent.

measures-title = Measures
measures-hint = Seen by the colleague concerned, by whoever proposed it and by those who manage the post. The colleague is heard first; nothing is ranked or scored.
measures-open = Open
measures-over = Over
measures-none = There are no measures.
measure-propose-title = Propose a measure
measure-propose = Propose and tell the colleague
measure-proposed-now = The measure is proposed; the colleague was told until when to answer.
measure-whom = Concerning
measure-kind = Measure
measure-kind-hint = Grid leader: talk, notice to the leader in charge. Officer: reminder, admonition. Coordinator: bonus withheld, dismissal.
measure-kind-talk = Talk
measure-kind-notice-to-leader-in-charge = Notice to the leader in charge
measure-kind-reminder = Reminder
measure-kind-admonition = Admonition
measure-kind-bonus-withheld = Bonus withheld
measure-kind-dismissal = Dismissal
measure-neglect = What was neglected
neglect-not-corrected = Faults not put right in time
neglect-repeated = The same fault came back
neglect-not-registered = Not registered or not cancelled
neglect-made-up = Registrations made up
neglect-confidentiality = Confidentiality broken
neglect-absent = Absent without a reason
measure-finding = Finding
measure-words = Reasons
measure-state = State
measure-state-proposed = To be heard
measure-state-heard = Heard
measure-state-decided = Decided
measure-state-dropped = Nothing follows
measure-hear-by = To be heard by
measure-hear-title = What you have to say
measure-hear-hint = Explain or object. You can change it until it is decided.
measure-hear = Send
measure-heard-now = What you said stands with the case.
measure-statement = What the colleague says
measure-decide-title = Decide
measure-waits = The colleague has not been heard. It can be decided after { $day }.
measure-decision = Reasons of the decision
measure-decide = Take the measure
measure-decided-now = It is decided and the colleague was told.
measure-drop = Nothing follows
measure-dropped-now = Nothing follows, and the colleague was told.

notice-inspection-planned = You are in the inspection group of { $day } ({ $mode }).
notice-inspection-withdrawn = The inspection of { $day } was called off.
notice-measure-to-decide = A measure was proposed for a post that you manage. Please decide after the colleague was heard.
notice-inspection-closed = The inspection of { $day } is closed with { $n } faults.
notice-finding-raised = A fault in { $grid } was raised (found for time number { $n }).
notice-finding-corrected = { $grid } has put a fault right. Please look again.
notice-finding-sent-back = A fault was sent back. Please put it right by { $day }.
notice-suggestion-made = Something was brought forward. Please answer by { $day }.
notice-suggestion-answered = What you brought forward on { $day } was answered.
notice-measure-proposed = A measure concerning you was proposed. Please say something by { $day }.
notice-measure-decided = The measure concerning you was decided.
notice-measure-dropped = Nothing follows from the measure concerning you.

duty-suggestions = Suggestions to answer
duty-inspections = Inspections to hold
duty-findings = Faults to put right
job-supervision-expire = Delete records of supervision whose time is over
retained-finding = Inspections, suggestions and measures
retained-finding-photo = Photos of findings past their time

event-inspection-planned = Inspection planned
event-inspection-looked = Checklist kept
event-inspection-withdrawn = Inspection called off
event-inspection-closed = Inspection closed
event-finding-noted = Finding noted
event-finding-raised = Fault raised to the task force
event-finding-corrected = Fault put right
event-finding-settled = Fault settled
event-finding-sent-back = Fault sent back
event-finding-photo-kept = Photo of a finding kept
event-finding-photo-removed = Photo of a finding deleted
event-suggestion-made = Suggestion made
event-suggestion-answered = Suggestion answered
event-measure-proposed = Measure proposed
event-measure-heard = Colleague heard
event-measure-decided = Measure decided
event-measure-dropped = Measure dropped

error-inspection-day = Choose today or a later day.
error-inspection-grids = Choose the grids to inspect, { $max } at most.
error-inspection-officers = A group needs at least { $n } officer.
error-inspection-coordinators = A group needs at least { $n } coordinator.
error-inspection-own-grid = { $who } works in an inspected grid and cannot be in the group.
error-inspection-no-account = Somebody of the group must be able to sign in.
error-inspection-not-member = You are not in the group of this inspection.
error-inspection-unlooked = A full check looks at everything. Not looked at yet: { $n }.
error-inspection-begun = Something was noted already; close the inspection instead.
error-inspection-closed = This inspection is closed.
error-inspection-not-yet = Findings are noted on the day of the inspection.
error-inspection-summary = Write the report in { $max } characters at most.
error-finding-grid = Choose a grid that is inspected.
error-finding-item = Choose an item of the checklist.
error-finding-records = For a fault that counts give 1 to { $max }; for other items and for praise give nothing.
error-finding-words = Write what was seen in { $max } characters at most.
error-finding-feedback = Write what was put right in { $max } characters at most.
error-finding-not-open = This fault is not to be put right now.
error-finding-not-corrected = Nobody has said that this fault was put right.
error-finding-own-grid = Only the grid in which the fault is can say so.
error-finding-photos-full = There are { $max } photos, which is the most. One can be deleted first.
error-finding-settled-already = This finding is settled; its photos stay as they are.
error-finding-photo-not-own = Only the colleague who took this photo can delete it.
error-suggestion-words = Write the text in { $max } characters at most.
error-suggestion-answer = Write the answer in { $max } characters at most.
error-suggestion-answered = It was answered already.
error-measure-whom = This post is not for you to propose or decide on.
error-measure-self = Not concerning oneself.
error-measure-kind = This post does not know this measure.
error-measure-words = Write the reasons in { $max } characters at most.
error-measure-statement = Write it in { $max } characters at most.
error-measure-decision = Write the reasons in { $max } characters at most.
error-measure-not-own = Only the colleague concerned can say something here.
error-measure-over = The case is over.
error-measure-unheard = The colleague has not been heard. It can be decided after { $day }.
error-bulletin-early = The month is not over and its figures still change; number and issue it afterwards.
wording-supervision = Bulletin of supervision
wording-supervision-issuer = Issuer
wording-supervision-title = Title
wording-supervision-addressee = Addressees
wording-supervision-head-overall = Heading of the first part
wording-supervision-overall = The month as a whole
wording-supervision-head-committees = Heading of the committees
wording-supervision-head-items = Heading of the faults
wording-supervision-items-none = Where nothing was found
wording-supervision-head-notes = Heading of what is asked for
wording-supervision-notes = What is asked for
