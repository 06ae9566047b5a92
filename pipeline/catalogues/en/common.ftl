# Faults of the foundation: configuration, workspace, disk, database
error-workspace-not-found = There is no workspace at { $path }. Make one with “vanthu init”, or name its folder with --workspace.
error-config-unreadable =
    The configuration { $path } cannot be read:
    { $problems }
    Mend the file and run this again.
error-config-invalid =
    The configuration { $path } has mistakes (“? →” shows the nearest known key):
    { $problems }
    Mend the file and run this again.
error-folders-overlap =
    In { $path } some folders lie in one another, so what goes out would come in again:
    { $problems }
    Give each a folder of its own and run this again.
error-config-data-missing = The data that belong to the program are missing at { $path }. Install vanthu again.
error-disk-full = The disk is full while writing { $path } ({ $reason }). Make room; the work goes on by itself.
error-cannot-write = { $path } cannot be written: { $reason }. Check the folder's permissions with “vanthu doctor”.
error-database-unavailable = The database { $url } cannot be used: { $reason }. Run “vanthu doctor” to learn how to mend it.
error-database-forbidden = This login may not see or change that part of the database { $url }. Run the command as the service's user, for instance: sudo -u vanthu vanthu status
error-database-newer = The database { $url } was made by a newer Vanthu. Install the newest version and run again; nothing was changed.
