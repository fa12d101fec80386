-- The ids of one page: of every report of the file at most a page, so no report is read to its end.
select found.id
  from report r
 cross join lateral ({source}) found
 where r.file_id = %(file)s and r.ordinal >= %(ordinal)s
 order by r.ordinal, found.id
 limit %(limit)s
