import { ouvrirJournalMemoire } from '../../../bot/storage/journal-memoire.ts';
import { contratJournal } from '../../contracts/journal.ts';
import { journalMuet } from '../http/appui.ts';

contratJournal('en mémoire', {
  ouvrir: async (horloge) => ouvrirJournalMemoire({ horloge, journaliseur: journalMuet() }),
});
