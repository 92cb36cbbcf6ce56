# Imports and tables

nav-imports = Imports
job-import-check = Check an imported table
job-import-apply = Write an imported table
job-import-expire = Clear unfinished imports
event-import-uploaded = Table uploaded for import
event-import-applied = Import written
event-import-cancelled = Import given up
event-import-errors-exported = Table of import problems downloaded

import-stage-check = Checking row by row
import-stage-apply = Writing

import-list-title = Imports
import-list-empty = No table has been imported yet. Download a template, fill it in and upload it.
import-new = Import a table
import-new-title = Import a table
import-no-kinds = There is no kind of table to import at present.
import-kind = Kind of table
import-kind-choose = Please choose
import-file = File
import-file-hint = .xlsx, .xls or .csv. Use a template or your own table; its columns are confirmed in the next step.
import-limits = At most { $mb } MB and { $rows } rows.
import-boundary = Columns on ethnicity, religion, political views, criminal record, biometrics or health are never stored, nor are columns that match nothing, such as remarks.
import-upload = Upload and confirm columns
import-back = Back to imports
import-templates = Templates
import-templates-hint = Each template has a sample row; rows that begin with “Example:” are not imported. Columns with * are required.
import-count-new = New
import-count-known = Already known
import-count-same = Unchanged
import-made-at = Uploaded
import-rows = Rows
import-rows-n = { $n } rows
import-state = State
import-title = { $kind }: { $file }
import-mapping-title = Confirm columns
import-preview-title = Preview
import-colon = :{" "}

import-state-uploaded = Columns to be confirmed
import-state-mapped = Waiting for the check
import-state-checking = Being checked
import-state-checked = To be confirmed
import-state-applying = Being written
import-state-applied = Written
import-state-cancelled = Given up
import-state-failed = Not completed

import-mapping-intro = The file has { $n } rows. Please confirm what each column is; the guesses can be changed.
import-mapping-note = Columns set to “do not import” are not stored. After this, every row is checked; nothing is written yet.
import-heading = Column in the file
import-becomes = Imported as
import-not-imported = Do not import
import-map = Confirm columns and check
import-dropped = Columns not imported ({ $n })
import-dropped-forbidden = such data is never stored; the column was dropped.
import-dropped-unmapped = it matches no column and was not stored.
import-cancel = Give up this import
import-cancelled-flash = The import was given up and what was staged is deleted.

import-stopped-mapped = The check was interrupted
import-stopped-checking = The check was interrupted
import-stopped-applying = Writing was interrupted; nothing was written
import-stopped-hint = The uploaded rows are still here. You can go on, check them again, or give this import up.
import-resume = Go on
import-progress-hint = This page refreshes every two seconds. You can leave it and look again from the list of imports.
import-refresh = Refresh

import-preview-intro = The check is complete and nothing has been written. Once you confirm, everything is written at once.
import-stat-rows = Rows checked
import-stat-good = Can be written
import-stat-bad = Rows with errors
import-would = What would change
import-leave-out = Leave out the { $bad } rows with errors and write the other { $good }
import-confirm = Write { $n } rows
import-check-again = Check again
import-problems = Problems found ({ $n })
import-problems-kept = Only the first { $n } are listed. Upload the corrected file to see the others.
import-errors-download = Download the table of problems
import-errors-hint = It lists the rows with problems and the reasons. Personal data is masked: find the row by its number in your own table, correct it there and upload it again.
import-errors-row = Row
import-errors-messages = Problems
import-errors-sheet = Problems
import-errors-watermark = Downloaded by { $who } on { $when }. Internal, keep confidential.
import-column = Column
import-value = Content
import-message = Problem
import-weight = Effect
import-weight-fatal = Cannot be written
import-weight-hint = Hint
import-times = Times
import-whole-row = Whole row

import-applied = { $rows } rows were written; { $records } records were made or changed.
import-left-out = As chosen at confirmation, { $n } rows were not written.
import-staging-gone = What was staged is deleted.
import-was-cancelled = This import was given up. Nothing was written, and what was staged is deleted.
import-failed = This import was not completed. Nothing was written.
import-another = Import another table

cell-damaged-number = The spreadsheet program has rounded this number and its last digits are lost. Set the column to text and enter it again.
cell-formula-error = A formula failed and left no content. Replace it by text.

error-sheet-not-a-workbook = The file is not an .xlsx, .xls or .csv table, or it is damaged. Save it as .xlsx and upload it again.
error-sheet-too-large = The file is larger than { $limit } MB (20 MB for .xls). Please split it.
error-sheet-too-expanded = The file expands to more than { $limit } MB or by an unusual factor, and was not read. Paste what is needed into a new workbook.
error-sheet-too-many-rows = The table has more than { $limit } rows. Please split it.
error-sheet-too-many-columns = The table has more than { $limit } columns. Please remove what is not needed.
error-sheet-no-heading = No row of headings was found. Write the headings above the data, as in the template.
error-sheet-no-rows = There is no data below the headings.
error-sheet-encrypted = The file has a password. Remove it and upload the file again.
error-sheet-broken-quotes = A quotation mark in line { $line }, column { $column }, has no partner, so the file cannot be read. Save it as .xlsx and upload it again.
error-sheet-encoding = Line { $line }, column { $column }, is in an unknown encoding, or in another than the rest. Please save the whole file as UTF-8 or GB 18030.

error-import-kind-unknown = Please choose the kind of table.
error-import-no-file = Please choose a file.
error-import-upload-broken = The upload was interrupted or is too large. Check the size of the file and try again.
error-import-column-unknown = There is no column “{ $column }”.
error-import-column-twice = “{ $column }” was chosen twice; it can be one column only.
error-import-column-missing = The required column “{ $column }” is missing.
error-import-columns-changed = The columns do not fit the file. Please open this page again.
error-import-bad-rows = { $n } rows cannot be written. Correct them and upload the file again, or choose to leave them out.
error-import-blocked = A problem concerns the file as a whole, so leaving out rows does not help. Correct it and upload the file again.
error-import-nothing-left = There are no rows that could be written.
