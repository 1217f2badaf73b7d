import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnteteJournal, Journal } from '../../bot/storage/journal.ts';

export type Fabrique = {
  /** A journal on a place of its own; `horloge` is the time it sees. */
  ouvrir(horloge: () => number): Promise<Journal>;
  /** Closes it and opens what is left, when this engine survives its process. */
  rouvrir?(journal: Journal, horloge: () => number): Promise<Journal>;
};

const ENTETE: EnteteJournal = {
  id: 'ab00000000000001',
  canal: 'directline',
  creeLe: 1_795_000_000_000,
  reference: 'K7-4QPX',
  utilisateur: 'dl_x',
};
const message = (text: string) => ({ type: 'message', text });

/** What every log must do (directline.md § 8). */
export function contratJournal(nom: string, fabrique: Fabrique): void {
  describe(`journal ${nom}`, () => {
    let journal: Journal;
    let maintenant = ENTETE.creeLe;
    const horloge = (): number => maintenant;
    const { id } = ENTETE;

    beforeEach(async () => {
      maintenant = ENTETE.creeLe;
      journal = await fabrique.ouvrir(horloge);
    });
    afterEach(() => journal.fermer());

    const textes = async (apres = 0): Promise<string[]> => {
      const lu = await journal.lireApres(id, apres, 100);
      return (lu?.entrees ?? []).map((e) => String(JSON.parse(e.json).text));
    };

    it('crée une fois, et dit ce qui existe déjà', async () => {
      expect(await journal.creer(ENTETE, { secret: 'h' })).toBe('creee');
      expect(await journal.creer(ENTETE)).toBe('existe');
      expect(await journal.entete(id)).toEqual(ENTETE);
      expect(await journal.note(id, 'secret')).toBe('h');
      expect(await journal.tete(id)).toBe(0);
    });

    it('retrouve une conversation par sa référence, même rouverte, jamais effacée', async () => {
      expect(await journal.conversationDe(ENTETE.reference)).toBeUndefined();
      await journal.creer(ENTETE);
      expect(await journal.conversationDe(ENTETE.reference)).toBe(id);
      expect(await journal.ajouterEvenements(id, [{ type: 'venu-d-ailleurs' }])).toBe(true);
      await journal.ajouterEntrant(id, message('a'));
      if (fabrique.rouvrir !== undefined) journal = await fabrique.rouvrir(journal, horloge);
      expect(await journal.conversationDe(ENTETE.reference)).toBe(id);
      expect(await journal.evenements(id)).toEqual([{ type: 'venu-d-ailleurs' }]);
      expect(await textes()).toEqual(['a']);
      expect((await journal.enAttente()).length).toBe(1);
      await journal.effacer(id);
      expect(await journal.conversationDe(ENTETE.reference)).toBeUndefined();
      expect(await journal.ajouterEvenements(id, [])).toBe(false);
    });

    it('ne connaît pas une conversation jamais créée', async () => {
      expect(await journal.entete('ff00000000000000')).toBeUndefined();
      expect(await journal.tete('ff00000000000000')).toBeUndefined();
      expect(await journal.ajouterEntrant('ff00000000000000', message('a'))).toBeUndefined();
      expect(await journal.lireApres('ff00000000000000', 0, 10)).toBeUndefined();
      expect(await journal.effacer('ff00000000000000')).toBe(false);
    });

    it('numérote sans trou, date strictement en avançant, même quand l’horloge recule', async () => {
      await journal.creer(ENTETE);
      for (const t of ['a', 'b', 'c']) {
        await journal.ajouterEntrant(id, message(t));
        maintenant -= 1_000;
      }
      const lu = await journal.lireApres(id, 0, 100);
      expect(lu?.entrees.map((e) => [e.seq, e.id])).toEqual([
        [1, `${id}.0000001`],
        [2, `${id}.0000002`],
        [3, `${id}.0000003`],
      ]);
      const dates = (lu?.entrees ?? []).map((e) => Date.parse(JSON.parse(e.json).timestamp));
      expect(dates).toEqual([ENTETE.creeLe + 1, ENTETE.creeLe + 2, ENTETE.creeLe + 3]);
    });

    it('un renvoi rend le premier identifiant, un autre contenu est un conflit', async () => {
      await journal.creer(ENTETE);
      const premier = await journal.ajouterEntrant(id, message('a'), { cle: 'c1' });
      expect(premier).toEqual({ seq: 1, id: `${id}.0000001`, doublon: false, conflit: false });
      expect(await journal.ajouterEntrant(id, message('a'), { cle: 'c1' })).toEqual({
        ...premier,
        doublon: true,
      });
      expect(await journal.ajouterEntrant(id, message('b'), { cle: 'c1' })).toEqual({
        ...premier,
        doublon: true,
        conflit: true,
      });
      expect(await textes()).toEqual(['a']);
    });

    it('cinquante envois simultanés de la même clé n’écrivent qu’une fois', async () => {
      await journal.creer(ENTETE);
      const ajouts = await Promise.all(
        Array.from({ length: 50 }, () => journal.ajouterEntrant(id, message('a'), { cle: 'c1' })),
      );
      expect(new Set(ajouts.map((a) => a?.id)).size).toBe(1);
      expect(ajouts.filter((a) => a?.doublon === false)).toHaveLength(1);
      expect(await journal.tete(id)).toBe(1);
    });

    it('un tour se termine une seule fois, activités et événements ensemble', async () => {
      await journal.creer(ENTETE);
      await journal.ajouterEntrant(id, message('a'));
      expect((await journal.enAttente()).map((t) => [t.conversation, t.seq, t.rejoue])).toEqual([
        [id, 1, false],
      ]);
      const fin = { activites: [message('r1'), message('r2')], evenements: [{ type: 'note', n: 1 }] };
      expect(await journal.terminerTour(id, 1, fin)).toBe(true);
      expect(await journal.terminerTour(id, 1, fin)).toBe(false);
      expect(await textes()).toEqual(['a', 'r1', 'r2']);
      expect(await journal.evenements(id)).toEqual([{ type: 'note', n: 1 }]);
      expect(await journal.enAttente()).toEqual([]);
    });

    it('deux fins simultanées du même tour n’en écrivent qu’une', async () => {
      await journal.creer(ENTETE);
      await journal.ajouterEntrant(id, message('a'));
      const fins = await Promise.all([
        journal.terminerTour(id, 1, { activites: [message('x')], evenements: [] }),
        journal.terminerTour(id, 1, { activites: [message('y')], evenements: [] }),
      ]);
      expect(fins).toEqual([true, false]);
      expect(await textes()).toEqual(['a', 'x']);
    });

    it('ce qui est invisible compte dans l’ordre mais n’est pas lu', async () => {
      await journal.creer(ENTETE);
      await journal.ajouterEntrant(id, { type: 'conversationUpdate' }, { invisible: true });
      await journal.terminerTour(id, 1, { activites: [message('bienvenue')], evenements: [] });
      const lu = await journal.lireApres(id, 0, 100);
      expect(lu?.entrees.map((e) => e.seq)).toEqual([2]);
      expect(lu?.jusqua).toBe(2);
      expect(await journal.contient(id, `${id}.0000001`)).toBe(false);
      expect(await journal.contient(id, `${id}.0000002`)).toBe(true);
    });

    it('pagine sans rien perdre ni répéter', async () => {
      await journal.creer(ENTETE);
      await Promise.all(Array.from({ length: 25 }, (_, i) => journal.ajouterSortant(id, message(String(i)))));
      const lus: number[] = [];
      for (let place = 0; ;) {
        const page = await journal.lireApres(id, place, 10);
        if (page === undefined || page.entrees.length === 0) break;
        lus.push(...page.entrees.map((e) => e.seq));
        place = page.jusqua;
      }
      expect(lus).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    });

    it('une correction garde l’identifiant et prend une nouvelle place', async () => {
      await journal.creer(ENTETE);
      const premier = await journal.ajouterSortant(id, message('avant'));
      const second = await journal.ajouterSortant(id, message('après'), { remplace: premier?.id ?? '' });
      expect(second).toMatchObject({ seq: 2, id: premier?.id });
      expect(await textes(1)).toEqual(['après']);
    });

    it('une parole de conseiller renvoyée avec sa clé n’est écrite qu’une fois, même rouverte ou en même temps', async () => {
      await journal.creer(ENTETE);
      const dire = (texte: string) => journal.ajouterSortant(id, message(texte), { cle: 'k1' });
      const [un, deux] = await Promise.all([dire('bonjour'), dire('bonjour')]);
      expect([un?.doublon, deux?.doublon]).toEqual([false, true]);
      expect(deux?.id).toBe(un?.id);
      if (fabrique.rouvrir !== undefined) journal = await fabrique.rouvrir(journal, horloge);
      expect(await dire('bonjour')).toMatchObject({ doublon: true, conflit: false, id: un?.id });
      expect(await dire('autre')).toMatchObject({ doublon: true, conflit: true });
      // The keys of clients live apart: theirs may look like ours.
      expect(await journal.ajouterEntrant(id, message('à moi'), { cle: 'k1' })).toMatchObject({
        doublon: false,
      });
      expect(await textes()).toEqual(['bonjour', 'à moi']);
    });

    it('un fait venu d’ailleurs et ce qui s’en dit sont là ensemble, et ne terminent aucun tour', async () => {
      await journal.creer(ENTETE);
      await journal.ajouterEntrant(id, message('a'));
      await journal.ajouterEvenements(id, [{ type: 'x' }], [message('dit'), message('redit')]);
      if (fabrique.rouvrir !== undefined) journal = await fabrique.rouvrir(journal, horloge);
      expect(await textes()).toEqual(['a', 'dit', 'redit']);
      expect(await journal.evenements(id)).toEqual([{ type: 'x' }]);
      expect(await journal.tete(id)).toBe(3);
      expect(await journal.enAttente()).toHaveLength(1);
    });

    it('ce qu’aucun client ne voit se lit sur demande seulement', async () => {
      await journal.creer(ENTETE);
      await journal.ajouterEntrant(id, message('caché'), { invisible: true });
      await journal.ajouterSortant(id, message('vu'));
      expect(await textes()).toEqual(['vu']);
      const tout = await journal.lireApres(id, 0, 100, 'invisibles');
      expect(tout?.entrees.map((e) => e.seq)).toEqual([1, 2]);
    });

    it('prévient après chaque changement, jamais avant qu’il soit lisible, et plus après l’arrêt', async () => {
      await journal.creer(ENTETE);
      const vues: (number | undefined)[] = [];
      const arreter = journal.ecouter(id, () => void journal.tete(id).then((t) => vues.push(t)));
      await journal.ajouterSortant(id, message('a'));
      await journal.ajouterSortant(id, message('b'));
      arreter();
      await journal.ajouterSortant(id, message('c'));
      await new Promise((r) => setTimeout(r, 5));
      expect(vues.length).toBeGreaterThanOrEqual(2);
      expect(vues[0]).toBeGreaterThanOrEqual(1);
    });

    it('efface tout en une fois, pour toujours', async () => {
      await journal.creer(ENTETE, { secret: 'h' });
      await journal.ajouterEntrant(id, message('a'), { cle: 'c1' });
      let prevenu = 0;
      journal.ecouter(id, () => (prevenu += 1));
      expect(await journal.effacer(id)).toBe(true);
      expect(prevenu).toBe(1);
      expect(await journal.tete(id)).toBeUndefined();
      expect(await journal.note(id, 'secret')).toBeUndefined();
      expect(await journal.ajouterEntrant(id, message('b'))).toBeUndefined();
      expect(await journal.creer(ENTETE)).toBe('effacee');
      expect(await journal.enAttente()).toEqual([]);
      const liste: string[] = [];
      for await (const { conversation } of journal.lister()) liste.push(conversation);
      expect(liste).toEqual([]);
    });

    it('compte les entrées de la personne, et libère un identifiant qui n’est pas le nôtre', async () => {
      await journal.creer(ENTETE);
      await journal.ajouterEntrant(id, message('a'));
      await journal.terminerTour(id, 1, { activites: [message('r')], evenements: [{ type: 'e' }] });
      await journal.ajouterEntrant(id, message('b'));
      expect(await journal.entrants(id)).toBe(2);
      expect(await journal.effacer(id, { reutilisable: true })).toBe(true);
      expect(await journal.entete(id)).toBeUndefined();
      expect(await journal.creer(ENTETE)).toBe('creee');
      expect(await journal.evenements(id)).toEqual([]);
    });

    it('liste les conversations', async () => {
      const autre = { ...ENTETE, id: 'cd00000000000002' };
      await journal.creer(ENTETE);
      await journal.creer(autre);
      const liste: string[] = [];
      for await (const { conversation } of journal.lister()) liste.push(conversation);
      expect(liste.sort()).toEqual([id, autre.id]);
    });

    const { rouvrir } = fabrique;
    if (rouvrir === undefined) return;

    it('retrouve tout après un redémarrage : messages, clés, événements, notes, tours en attente', async () => {
      await journal.creer({ ...ENTETE, locale: 'fr-FR' }, { secret: 'h' });
      await journal.ajouterEntrant(id, message('a'), { cle: 'c1' });
      await journal.terminerTour(id, 1, { activites: [message('r')], evenements: [{ type: 'e1' }] });
      await journal.ajouterEntrant(id, message('b'), { cle: 'c2' });
      await journal.noter(id, 'secret', 'h2');
      const { epoque } = journal;
      journal = await rouvrir(journal, horloge);
      expect(journal.epoque).toBe(epoque);
      expect((await journal.enAttente()).map((t) => [t.seq, t.activite['text'], t.rejoue])).toEqual([
        [3, 'b', false],
      ]);
      await journal.marquerRejeu(id, 3);
      expect(await textes()).toEqual(['a', 'r', 'b']);
      expect((await journal.entete(id))?.locale).toBe('fr-FR');
      expect(await journal.evenements(id)).toEqual([{ type: 'e1' }]);
      expect(await journal.note(id, 'secret')).toBe('h2');
      expect(await journal.ajouterEntrant(id, message('a'), { cle: 'c1' })).toEqual({
        seq: 1,
        id: `${id}.0000001`,
        doublon: true,
        conflit: false,
      });
      journal = await rouvrir(journal, horloge);
      expect((await journal.enAttente()).map((t) => [t.seq, t.rejoue])).toEqual([[3, true]]);
      expect(await journal.effacer(id)).toBe(true);
      journal = await rouvrir(journal, horloge);
      expect(await journal.creer(ENTETE)).toBe('effacee');
    });
  });
}
