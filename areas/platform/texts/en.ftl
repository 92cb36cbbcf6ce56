# The ground floor and the words that all areas share. zh-CN.ftl has the same keys; a test compares them.

app-name = Linli
app-office = Residence registration and micro-grid service
demonstration-banner = Demonstration: all people, addresses and employers are invented. Do not enter real data.

## Roles
role-task-force = Sub-district leader (task force)
role-station = Police station
role-population-office = Population office
role-operation-centre = Urban-operation centre
role-data-steward = Data steward
role-team-leader = Police-team leader
role-committee-secretary = Committee secretary
role-grid-leader = Grid leader
role-officer = Community officer
role-coordinator = Coordinator
role-grid-worker = Grid worker
role-volunteer = Volunteer (N member)
role-hr-liaison = Employer’s HR liaison
role-surveyor = Surveyor
role-assessor = Assessor
role-system-admin = System administrator
role-security-officer = Security officer
role-auditor = Auditor
role-system = System
role-resident = Resident
role-representative = Appointed by the resident

area-kind-division = Whole sub-district
area-kind-committee = Committee
area-kind-grid = Micro-grid
area-kind-employer = Employer
area-kind-assignment = As assigned

## Purposes
purpose-field-verification = Checking the registration at the door
purpose-roster-review = Comparing an employer’s roster
purpose-survey-interview = Interview of the monthly survey
purpose-data-check = Data check
purpose-declaration-review = Deciding a declaration
purpose-counter-service = Service at the counter, in the person’s presence
purpose-correction-request = Correction or deletion that was asked for
purpose-transfer = Hand-over between grids
purpose-official-register = Report to the official register
purpose-duty-notice = Serving a notice of duty
purpose-inspection = Following up an inspection
purpose-own-record = Reading the own record

## Menu
nav-group-register = Register
nav-group-declarations = Declarations and employers
nav-group-cooperation = Working together
nav-group-daily = Today's work
nav-group-visits = At the door
nav-group-quality = Quality
nav-group-documents = Assessment and papers
nav-group-team = Team and shifts
nav-group-system = Administration
nav-group-audit = Audit
nav-account = My account
nav-accounts = Accounts
nav-jobs = Background jobs
nav-roles = Roles
nav-audit-events = Changes
nav-audit-access = Readings
nav-audit-log = Public log

## Common words
common-skip = Skip to the content
common-menu = Menu
common-save = Save
common-cancel = Cancel
common-confirm = Confirm
common-delete = Delete
common-edit = Change
common-add = Add
common-back = Back
common-close = Close
common-continue = Continue
common-upload = Upload
common-download = Download
common-export = Export
common-print = Print
common-search = Search
common-show-all = Show all
common-show = Show
common-choose = Please choose
common-all = All
common-none = None
common-yes = Yes
common-no = No
common-unknown = Unknown
common-optional = Optional
common-saved = Saved.
common-from = From
common-until = Until
common-last-day = Last day
common-open = Open
common-when = When
common-day = Day
common-month = Month
common-year = Year
common-role = Role
common-area = Area
common-purpose = Purpose
common-name = Name
common-state = State
common-note = Note
common-total = Total
common-today = Today
common-due = Due
common-late = Overdue
common-done = Done
common-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
common-homes = { $n ->
    [one] { $n } home
   *[other] { $n } homes
}
common-people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
common-items = { $n ->
    [one] { $n } item
   *[other] { $n } items
}
common-pages = Pages
common-previous = Previous
common-next = Next
common-page-of = Page { $page } of { $pages }
common-rows = { $first } to { $last } of { $total }
common-done-of = { $done } of { $total } done
common-nothing-found = Nothing was found. Please try another search.
common-masked = Shown masked
chart-table = The figures as a table

## Forms
form-error-title = Please correct the following
form-required = Please fill this in.
form-too-long = This is too long.
form-unreadable = This is not in the right form. Please check it.
form-choose = Please choose one.
picture-missing = No photo was chosen yet.
picture-too-large = The photo is too large. Choose one of up to 12 MB and 9216 pixels on its longer side, or take a smaller one.
picture-broken = This file cannot be used as a photo. Choose a JPEG, PNG or WebP photo, or take another.

## Signing in, accounts
sign-in = Sign in
sign-in-title = Sign in
sign-in-name = Sign-in name
sign-in-password = Password
sign-in-refused = The sign-in name or the password is wrong. After five wrong passwords in a row, an account is locked for fifteen minutes.
sign-in-help = If you forgot the password or have no account yet, ask the sub-district’s system administrator.
sign-out = Sign out
account-title = My account
account-name = Name
account-since = Opened on
account-language = Language
account-roles = My roles
account-no-roles = No role yet. Ask the security officer for one; only then do you see the register and tasks.
password-title = Change the password
password-must-change = Somebody else has seen this password. Please change it to one that you alone know.
password-old = Present password
password-new = New password
password-again = New password once more
password-hint = At least 10 characters, without the sign-in name. A few unrelated words are easy to keep and hard to guess.
password-short = A password has at least 10 characters.
password-long = A password has at most 200 characters.
password-name = The password must not hold the sign-in name.
password-common = This password is easily guessed. Please choose another.
password-differs = The two entries of the new password differ.
password-same = The new password must differ from the present one.
password-wrong = The present password is wrong.
password-changed = The password was changed. All other devices are signed out.

accounts-new = New account
accounts-make = Make the account
accounts-search = Sign-in name or name
accounts-none = No account matches.
accounts-state = State
accounts-state-open = Can sign in
accounts-state-disabled = Disabled
accounts-state-locked = Locked for a while
accounts-state-must-change = Password to be changed
accounts-name-hint = 2 to 40 characters: letters, digits, dots, dashes, underscores.
accounts-no-roles-here = A new account has no roles. The security officer grants them.
accounts-one-time = One-time password
accounts-one-time-text = Tell it to the person face to face or on the phone. It is not shown again after this page, and has to be changed at the first sign-in.
accounts-noted = The person knows it
accounts-reset = New one-time password
accounts-disable = Disable the account
accounts-enable = Enable the account
accounts-disable-hint = A disabled account is signed out everywhere at once and cannot sign in; its past work stays on record.
accounts-disabled = The account is disabled.
accounts-enabled = The account is enabled.

roles-none = This account has no roles yet.
roles-no-accounts = No account matches. The system administrator makes accounts.
roles-grant = Grant a role
roles-end = End now
roles-ended = The role has ended, as of now.
roles-apart-hint = System administrator, security officer and auditor are three people, and hold no other role.
roles-area-hint = For a committee’s role, its code; for a grid’s or an employer’s, its id; for the whole sub-district, leave it empty.
roles-last-hint = Leave it empty for a role that holds until it is ended.

## Audit
audit-kind = What
audit-who = Who
audit-account = Sign-in name of who did it
audit-subject = Subject
audit-subject-id = Id of the subject
audit-details = Details
audit-fields = Fields shown
audit-opened-name = name
audit-opened-doc = document number
audit-opened-phone = mobile
audit-opened-facts = birth date
audit-opened-note = note of a task
audit-opened-mobile = mobile
audit-opened-row = row of a roster
audit-version = version { $n }
audit-field-account = Colleague
audit-field-addresses-moved = Addresses moved
audit-field-addresses-outside = Addresses outside any grid
audit-field-alias = Alias
audit-field-answer = Answer
audit-field-answers = Digest of the answers
audit-field-area = Area
audit-field-backup-made-at = Backup made at
audit-field-before = Before
audit-field-body = Body
audit-field-case = Case
audit-field-cause = Cause
audit-field-changed = Changed
audit-field-checked = People checked
audit-field-closed = Closed
audit-field-code = Code
audit-field-commitment = Commitment
audit-field-committee = Committee
audit-field-committees = Committees
audit-field-counts = Counts
audit-field-cancelled = Cancelled
audit-field-datum = Datum
audit-field-day = Day
audit-field-decided = Decision
audit-field-employer = Employer
audit-field-facts = Facts
audit-field-fields = Fields changed
audit-field-forbidden-columns = Columns never kept
audit-field-frame = Digest of the frame
audit-field-from = From
audit-field-grid-from = Grid before
audit-field-grid-to = Grid after
audit-field-grids = Grids
audit-field-group = Group
audit-field-home = Home
audit-field-homes = Homes
audit-field-item = Item
audit-field-key = Item
audit-field-kind = Kind
audit-field-label = Label
audit-field-late = Late
audit-field-left-out = Rows left out
audit-field-month = Month
audit-field-name = Name
audit-field-new = New
audit-field-number = Number
audit-field-on = Lies on
audit-field-origin = Comes from
audit-field-outcome = Outcome
audit-field-pack = Digest of the policy pack
audit-field-parties = Parties
audit-field-party = Party
audit-field-post = Post
audit-field-rates = Rates
audit-field-reason = Reason
audit-field-receipt = Digest of the receipt
audit-field-records = Records
audit-field-registered = Registered
audit-field-role = Role
audit-field-roles = Roles
audit-field-row = Row
audit-field-rows = Rows
audit-field-source = Source
audit-field-staff = Workforce
audit-field-state = State
audit-field-survey = Survey
audit-field-surveyors = Surveyors
audit-field-table = Table
audit-field-tasks = Tasks
audit-field-to = To
audit-field-transfer = Hand-over
audit-field-until = Until
audit-field-visit = Visit
audit-field-what = What
audit-system = System
audit-none = No change matches.
audit-none-access = No reading matches.
subject-account = Account
subject-resident = Resident
subject-home = Home
subject-employer = Employer
subject-address = Address
subject-grid = Micro-grid
subject-committee = Committee
subject-roster = Roster
subject-task = Task
subject-visit = Visit
subject-import = Import
subject-staff = Staff
subject-assessment = Assessment
subject-body-member = Member of a body
subject-boundary-set = Grid boundaries
subject-listing = Listing
subject-survey = Survey
subject-job = Background job

event-account-created = Account made
event-account-disabled = Account disabled
event-account-enabled = Account enabled
event-account-password-changed = Password changed
event-account-password-reset = Password reset
event-account-role-granted = Role granted
event-account-role-ended = Role ended
event-account-signed-in = Signed in
event-account-signed-out = Signed out
event-account-sign-in-failed = Sign-in failed
event-job-restarted = Background job started again
event-account-locked = Account locked
event-retention-erased = Deleted when its time was over
subject-retention = Retention time
retained-access-record = Readings of records
retained-machine-run = Comparisons by machine
retained-security-log = Security log
retained-session = Ended sessions

log-explained = Every change and every reading leaves a leaf in the log. Whoever holds an earlier checkpoint can verify that none was altered or taken out since.
log-leaves = Leaves
log-no-leaves = The log holds nothing yet.
log-kind = Kind
log-total = In all
log-placed = In the tree
log-kind-event = Changes
log-kind-access = Readings
log-kind-run = Comparisons by machine
log-checkpoints = Checkpoints
log-no-checkpoints = No checkpoint yet. The first is signed when the first leaves have their place.
log-size = { $n ->
    [one] { $n } leaf
   *[other] { $n } leaves
}

## Background jobs
job-waiting = Waiting
job-done = Done
job-failed = Not completed
job-platform-expire = Delete readings and security log whose time is over
job-restart = Start again
job-restarted = Started again.
job-result = Show the result
job-leave = You can leave this page; the work goes on. Come back to this address to see how far it is.
job-state-waiting = Waiting
job-state-running = Running
job-state-done = Done
job-state-failed = Failed
jobs-waiting = { $n ->
    [one] { $n } is waiting or running.
   *[other] { $n } are waiting or running.
}
jobs-none = No background jobs yet.
jobs-kind = Job
jobs-state = State
jobs-made = Asked for
jobs-ended = Ended
jobs-attempts = Attempts

## Errors
error-workday-year = The working days of { $year } are not known yet, so the deadline cannot be counted.
error-code = Error code
error-way-on = To the start page
error-title-400 = The request was not understood
error-title-401 = Please sign in
error-title-403 = This is not allowed
error-title-404 = Not found
error-title-405 = This is not allowed
error-title-409 = Changed by somebody else
error-title-413 = The file is too large
error-title-415 = The request was not understood
error-title-422 = Not completed
error-title-429 = Please wait
error-title-500 = Something went wrong here
error-not-found = There is no such page or record, or it lies outside your area of work.
error-forbidden = Your roles do not include this work. If you need it, ask the security officer.
error-free-text-number = No document or mobile number may stand here.
error-free-text-word = This holds what Linli never keeps.
error-free-text-person = Name an organisation here, not a person.
error-agreement-missing = You have not signed the confidentiality agreement. Nothing is open before. Go back to the start page and sign it.
error-not-signed-in = Please sign in first.
error-other-site = This request did not come from a page of this system and was not carried out. Please go back to the page and try again.
error-password-must-change = Please change the password first.
error-stale-version = Somebody else changed this record while you were at it. Please go back, look at what it says now, and change it then.
error-internal = This is a fault of the system. It was noted, and your change was not saved. Please try again later; if it stays, tell the system administrator.
error-basis-missing = There is no open task on this record that would allow its unmasked data to be read.
error-database-slow = The database answered too slowly, and this was not completed. Please try again later.
error-schema-newer = The database was made by a newer version ({ $step }). Please run the newer program.
error-job-unknown = There is no such background job.
error-job-interrupted = The program stopped several times before the work was done. It can be started again.
error-job-not-restartable = Only work that ended in a fault or an interruption can be started again.
error-too-large = The file or the text is too large. Please upload it in several parts.
error-method = This address does not do that.
error-bad-request = The request is incomplete or not in the right form. Please go back and check.
error-account-name = A sign-in name has 2 to 40 characters: letters, digits, dots, dashes, underscores.
error-account-name-taken = Another account has this sign-in name.
error-account-administrator = An administrator’s password is not reset on a page, because the three administrators are three people. Use the command line on the server: linli reset-password.
error-account-own = Not on your own account. Please ask another administrator.
error-admins-apart = System administrator, security officer and auditor are three people, and hold no other role.
error-role-days = The last day cannot lie before the first.
error-role-held = The account holds this role for this area already.
