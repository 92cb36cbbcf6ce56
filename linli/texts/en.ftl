# What the command line itself says.

cli-schema-behind = The database's schema has to be brought up to date: make a backup (linli backup), then run `linli migrate`.
cli-cannot-listen = Cannot listen on { $address }: { $reason }
cli-certificate = The certificate file { $file } cannot be used: { $reason }
cli-demo-other = The folder { $dir } holds something other than a demonstration; nothing was changed. Name another folder with --dir.
cli-demo-schema = The demonstration in { $dir } was built by another version. Delete it, or name another folder with --dir.
cli-demo-file = The file demo.json in { $dir } cannot be read. Delete the folder to build the demonstration anew.
cli-demo-building = Building the demonstration in { $dir }: { $residents } residents, { $months } months.
cli-demo-reused = Using the demonstration in { $dir }: { $residents } residents, { $months } months (built { $built }). Delete the folder to build it anew.
cli-demo-stage-town = The sub-district lives for { $months } months
cli-demo-stage-schema = Database
cli-demo-stage-territory = Committees and micro-grids
cli-demo-stage-accounts = Staff and accounts
cli-demo-stage-premises = Addresses, employers, homes
cli-demo-stage-residents = Residents
cli-demo-stage-history = Changes and visits of the months
cli-demo-stage-surveys = Monthly surveys
cli-demo-stage-tasks = Open tasks
cli-demo-stage-scores = Monthly scores
cli-demo-stage-truth = The truth, kept apart
cli-demo-sign-ins = One sign-in for each role; the password of all is { $password }
cli-ready = Serving on { $address } ({ $seconds } s after the start). Ctrl-C ends it.
error-fonts-missing = There is no font with Chinese characters, so documents cannot be made. Set `font_dir` in the configuration, or copy `assets/fonts` of the release to `fonts` in the data folder.
