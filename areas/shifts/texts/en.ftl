nav-shifts = Shift plans
nav-shifts-mine = My shifts
shifts-title = Shift plans

shift-off = off
shift-day = Day
shift-late = Late
shift-long = Day and round
shift-away = Away
shift-state-drafted = Draft
shift-state-filed = Filed
shift-state-acknowledged = Noted by the team leader
shift-state-none = No draft
shift-overdue = Late
shift-team = Team
shift-people = People
shift-state = State
shift-breaks = Rules
shift-breaks-none = Keeps all rules
shift-breaks-n = { $n ->
    [one] One rule is not kept
   *[other] { $n } rules are not kept
}
shift-week-before = Week before
shift-week-next = Week to be filed
shift-week-after = Week after
shift-week-of = week of { $day }
shift-file-by = To be filed with the team leader by { $day }.
shift-no-teams = Nobody here has shifts. Appoint officers, coordinators and full-time grid workers under “Team” first.
shift-no-people = This team has nobody to plan for in this week.
shift-draft = Draft the plan
shift-who = Name
shift-hours = Total
shift-rounds = { $n ->
    [one] one round
   *[other] { $n } rounds
}
shift-dayoff = off
shift-weekday-0 = Mon
shift-weekday-1 = Tue
shift-weekday-2 = Wed
shift-weekday-3 = Thu
shift-weekday-4 = Fri
shift-weekday-5 = Sat
shift-weekday-6 = Sun
shift-round-from = round from { $time }
shift-drag-hint = Drag a shift into a cell, or one cell onto another to exchange them; Alt and the arrows go from cell to cell.
shift-save = Save
shift-saved = The plan is saved.
shift-propose = Propose a week
shift-proposed = A week that keeps the rules is proposed. Change it if you like, and save.
shift-collision = These rules cannot be kept together; without any one of them there is a week:
shift-file-title = File
shift-file-hint = Filed with the police-team leader. Rules that are not kept are listed with it and do not prevent it.
shift-file = File the plan
shift-knowingly = I know of what is listed above and file the plan nevertheless
shift-filed-now = { $n ->
    [0] Filed.
    [one] Filed; one rule is not kept.
   *[other] Filed; { $n } rules are not kept.
}
shift-acknowledge = Noted
shift-noted = Marked as noted.
shift-swaps = Swaps
shift-as-planned = as planned
shift-worked-was = worked:
shift-unconfirmed = not confirmed
shift-worked-hours = { $hours } h worked
shift-with-clause = { $text } ({ $clause })

shift-not-mine = You have no shifts at present. Officers, coordinators and full-time grid workers see their shifts here.
shift-ahead = Shifts ahead
shift-ahead-none = No plan is filed yet. Once it is, your shifts stand here.
shift-past = What was worked
shift-past-none = There were no shifts in the last two weeks.
shift-planned = planned:
shift-said = confirmed
shift-confirm = Confirm
shift-confirmed = Confirmed.
shift-worked-note = You say yourself what you worked. Only you and the team's leaders see it; no place is recorded.
shift-swaps-waiting = Swaps that wait
shift-swaps-none = No swap waits.
shift-swap-breaks-none = After it, no further rule is broken.
shift-swap-breaks = After it, this would not be kept:
shift-swap-accept = Accept
shift-swap-decline = Decline
shift-swap-withdraw = Take back
shift-offer-title = Offer a swap
shift-give = My shift
shift-take = Against
shift-for-nothing = { $who } · takes it over
shift-choose = Please choose
shift-offer = Offer
shift-offered = Offered; your colleague has been told.
shift-swapped = Swapped.
shift-swap-ended-now = Ended.
shift-collides = The rules collide, so there is no week to propose.

shift-broken-plan-ahead = Filed late: it is to be { $limit } days ahead
shift-broken-known = { $who } { $day }: not in this plan
shift-broken-one-shift-a-day = { $who } { $day }: two shifts on one day
shift-broken-away = { $who } { $day }: a shift on a day away
shift-broken-available = { $who } { $day }: outside the hours named
shift-broken-last-visit = { $who } { $day }: the round starts too late
shift-broken-officer-rounds = { $who }: leads { $found } off-hours rounds, at least { $limit } with somebody of the same grids
shift-broken-weekend-days = { $who }: { $found } weekend days, at least { $limit }
shift-broken-coordinator-rounds = { $who }: { $found } off-hours rounds, at least { $limit }
shift-broken-normal-hours = { $who }: { $found } hours, at least { $limit }
shift-broken-most-hours = { $who }: { $found } hours, at most { $limit }
shift-broken-rest-days = { $who }: { $found } days of rest, at least { $limit }
shift-broken-on-duty = { $day }: { $found } people on duty, at least { $limit }
shift-asks-plan-ahead = Filed { $limit } days ahead
shift-asks-known = { $who } { $day } is in the plan
shift-asks-one-shift-a-day = { $who } { $day }: one shift a day
shift-asks-away = { $who } is away on { $day }
shift-asks-available = { $who } within the hours named
shift-asks-last-visit = { $who }: no round too late
shift-asks-officer-rounds = { $who } leads at least { $limit } off-hours rounds
shift-asks-weekend-days = { $who } works at least { $limit } weekend days
shift-asks-coordinator-rounds = { $who } makes at least { $limit } off-hours rounds
shift-asks-normal-hours = { $who } works at least { $limit } hours
shift-asks-most-hours = { $who } works at most { $limit } hours
shift-asks-rest-days = { $who } has at least { $limit } days of rest
shift-asks-on-duty = { $day }: at least { $limit } people on duty

notice-shift-filed = { $committee }: the shift plan for the week of { $monday } is filed; { $broken } rules are not kept.
notice-shift-swap = A colleague wants to swap the shift of { $day } with you.
notice-shift-swapped = Colleagues have swapped the shift of { $day }.
job-shifts-expire = Delete shift plans whose time is over
retained-shift-plan = Shift plans
duty-shift-plans = Shift plans to file
duty-shift-notes = Shift plans to note
duty-shift-worked = Shifts to confirm

event-shift-drafted = Shift plan drafted
event-shift-changed = Shift plan changed
event-shift-filed = Shift plan filed
event-shift-acknowledged = Shift plan noted
event-shift-worked = Worked shift confirmed
event-shift-swap-offered = Swap offered
event-shift-swap-accepted = Swap accepted
event-shift-swap-declined = Swap declined
event-shift-swap-withdrawn = Swap taken back

error-shift-week = Choose a week ahead, from its Monday.
error-shift-begun = The week has begun and its plan does not change any more. Shifts can be swapped.
error-shift-known = The plan has cells that belong to nobody of this team or to another week. Open the page anew.
error-shift-filed = The plan is filed already.
error-shift-not-filed = The plan is not filed yet.
error-shift-empty = The plan has no shifts yet. Plan some first.
error-shift-broken = { $n } rules are not kept. Change the plan, or tick the box to file it nevertheless.
error-shift-not-member = You are not in the plan of that week.
error-shift-swap-past = Only shifts ahead and of one week can be swapped.
error-shift-swap-whom = Choose a colleague of the same plan.
error-shift-swap-choose = Choose your shift and the other's.
error-shift-swap-changed = The plan has changed in the meantime; this swap does not fit it any more.
error-shift-swap-taken = One of you has a shift on that day, or is away.
error-shift-swap-ended = This swap has ended.
error-shift-worked-day = Only today and the last { $days } days can be confirmed.
error-shift-worked-cell = Choose what was worked.

# Ledgers
ledger-shifts = Shifts
ledger-about-shifts = Filed shifts, as planned and as worked.
