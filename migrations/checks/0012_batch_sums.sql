-- Register rows whose business date is not their sale's.
SELECT r.program_id, r.document_id FROM read.sale_register r
JOIN loyalty.sale s ON s.program_id = r.program_id AND s.booked_at = r.booked_at AND s.document_id = r.document_id
WHERE r.business_date <> s.business_date LIMIT 10;
