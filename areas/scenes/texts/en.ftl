# Scenes and campaigns

nav-scenes = Scenes
nav-publicity = Campaigns
duty-scenes = Closing scenes
duty-publicity = This month's campaigns
job-scenes-expire = Clearing scenes and campaigns
retained-scene = Closed scenes
retained-campaign = Campaigns
import-scenes = Scenes
import-count-scene-new = New scenes
import-count-scene-there = Open there already, not recorded twice
column-scene-kind = Scene
column-scene-address = Address
sample-scenes-scene-kind = Blocked fire exit
sample-scenes-scene-address = Room 301, No. 12, Lane 501, Xinfu Middle Road
cell-scene-unknown = The list of scenes has none of this name. Write it as the list does, such as “Blocked fire exit”.
cell-scene-no-grid = This address lies in no micro-grid yet.
cell-scene-twice = Row { $row } already has the same scene at this address.
cell-scene-there = The same scene is open at this address; it is not recorded twice.
notice-scenes-brought = { $n ->
    [one] One scene was brought. Please look into it.
   *[other] { $n } scenes were brought. Please look into them.
 }
event-scene-brought = Scene brought by another system
error-scene-brought-open = { $n } scenes that you brought are open already. Please bring it later.
api-operation-send-scene = Bring a clue about premises
api-operation-list-scenes = Clues that the client itself brought
api-operation-show-scene = How a clue stands that the client brought
api-operation-list-scene-kinds = The list of scenes

scene-state-open = With the grid
scene-state-passed = Passed on
scene-state-closed = Closed
scene-result = Result
scene-result-removed = Put right
scene-result-taken-over = Taken over by whoever can solve it
scene-result-not-there = Nothing found there
scene-solver = Who can solve it
scene-solver-grid = The grid itself
scene-solver-property = Property management
scene-solver-housing = Housing authority
scene-solver-fire = Fire authority
scene-solver-urban-management = Urban management
scene-solver-station = Police station
scene-solver-office = Population office

scenes-title = Scenes
scenes-none = There are no scenes here. When you see something of premises, record it here.
scenes-none-here = There are no scenes here.
scenes-tab-open = With the grid
scenes-tab-passed = Passed on
scenes-tab-late = Late
scenes-tab-closed = Closed
scenes-rate = Closed this month
scenes-rate-note = { $closed } of { $opened } recorded
scene-new-title = Record a scene
scene-what = Scene
scene-where = Address
scene-where-hint = The address of the premises. Scenes are about premises, never about people.
scene-suggestion = Nearest address: { $address }
scene-open = Record
scene-due = Due
scene-made = Recorded by
scene-passed = Passed on
scene-closed = Closed by
scene-pass = Pass on to: { $to }
scene-close-title = Close
scene-close = Close
scene-flash = Recorded, with its task.
scene-passed-flash = Passed on.
scene-closed-flash = Closed.

publicity-means-stand = Stand
publicity-means-leaflets = Leaflets
publicity-means-talk = Talk
publicity-means-doors = From door to door
publicity-means-posters = Posters
publicity-title = Campaigns
publicity-none = No campaigns yet. Plan one, and record its reach afterwards.
publicity-new-title = Plan a campaign
publicity-month = Held this month
publicity-times = { $n ->
    [one] { $n } time
   *[other] { $n } times
}
publicity-of-planned = of { $n } planned
publicity-reached-month = Reached this month
publicity-kind = About
publicity-grid = Micro-grid
publicity-day = Planned for
publicity-where = Place
publicity-where-hint = The name of an estate, a square or the like, without a door.
publicity-how = Means
publicity-reached = People reached
publicity-reached-hint = The number alone; nobody is recorded.
publicity-leaflets = Leaflets given out
publicity-by = Planned by
publicity-held = Held on
publicity-record-title = Record this campaign
publicity-record = Record
publicity-plan = Plan
publicity-remove = Cancel this plan
publicity-planned-flash = Planned.
publicity-held-flash = On record.
publicity-removed-flash = Cancelled.

event-scene-opened = Scene recorded
event-scene-passed = Scene passed on
event-scene-closed = Scene closed
event-publicity-planned = Campaign planned
event-publicity-held = Campaign held
event-publicity-removed = Campaign cancelled

error-scene-code = Choose a scene.
error-scene-address = There is no such address in your grids. Please check it.
error-scene-already = The same scene at this address is recorded and not closed yet.
error-scene-own = The grid solves this itself; there is nobody to pass it on to.
error-scene-not-passed = It can be taken over only after it was passed on.
error-scene-result = Choose a result.
error-publicity-kind = Choose what it is about.
error-publicity-grid = Choose a micro-grid.
error-publicity-day = Enter today or a later day.
error-publicity-means = Choose by what means.
error-publicity-place = Enter a place of at most { $n } characters.
error-publicity-held-day = Enter a day from its planning until today.
error-publicity-number = Enter a whole number from 0 to { $max }.

# Ledgers
ledger-publicity = Publicity
ledger-about-publicity = The month’s campaigns and how many they reached.
ledger-scenes = Scenes
ledger-about-scenes = Clues about premises of the month and what became of them.
