-- Filters on figures, till, staff and parts of a receipt's number have no index of their own: they read all rows of their
-- period. Now the register's primary key carries these columns, so that it alone is read, not the rows; and the number is kept
-- as searches compare it (console/kit/model/fold-text.ts), so that nothing is folded while they wait. PostgreSQL computes it:
-- who files a sale need not know.
-- An index alone is enough only where vacuum has been, and it comes to a table that only grows when a fifth more is there:
-- here after 10,000 rows.
-- Locks: ACCESS EXCLUSIVE on read.sale_register, which is written anew with its indexes, 20 s a million sales. Until vacuum
-- has been there once more filters are as slow as before: VACUUM read.sale_register, or wait for 10,000 sales.
ALTER TABLE read.sale_register SET (autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0);
ALTER TABLE read.sale_register DROP CONSTRAINT sale_register_pkey;
ALTER TABLE read.sale_register ADD COLUMN number_folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
  CASE WHEN octet_length(document_number) = char_length(document_number) THEN lower(document_number COLLATE "C")
    ELSE translate(lower(document_number COLLATE "und-x-icu"),
      'łđøħŧıŋàáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżžơưǎǐǒǔǖǘǚǜǟǡǧǩǫǭǰǵǹǻȁȃȅȇȉȋȍȏȑȓȕȗșțȟ', 'ldohtinaaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzzouaiouuuuuaagkoojgnaaaeeiioorruusth') COLLATE "C" END) STORED;
ALTER TABLE read.sale_register ADD PRIMARY KEY (program_id, occurred_at, document_id) INCLUDE (gross_minor,
  reduction_minor, reimbursed_minor, payable_minor, points, terminal_id, number_folded, staff_id);
ANALYZE read.sale_register;
