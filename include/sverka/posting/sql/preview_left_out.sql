-- The rows of a file that become no document, each with its verdict's sentence.
select l.sheet, l.line_no, l.order_ref, l.track_ref, l.collected, l.currency, v.sentence
  from report r
  join line l on l.report_id = r.id
  join verdict v on v.line_id = l.id
 where r.file_id = %(file_id)s and not v.clean
 order by l.id
