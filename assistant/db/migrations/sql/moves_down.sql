DROP FUNCTION membership_begins, membership_move_write, membership_moves_begin, membership_moves_go, mrr_of, refuse_move CASCADE;
DROP TYPE membership_change CASCADE;
