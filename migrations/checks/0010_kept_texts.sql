-- Sales whose texts begin with no known byte, or whose signature has no whole number of digests.
SELECT program_id, document_id FROM loyalty.sale
WHERE get_byte(outcome, 0) NOT IN (0, 1) OR (content IS NOT NULL AND get_byte(content, 0) NOT IN (0, 1))
  OR (length(signed) - 2 - get_byte(signed, 1) - 8 - 32 - 64) % 32 <> 0 LIMIT 10;
