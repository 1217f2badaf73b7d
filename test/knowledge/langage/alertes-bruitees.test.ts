import { expect, test } from 'vitest';
import { comprendre, FAUTES, lirePhrases, phonetique } from '../../../knowledge/langage/index.ts';

const alerteDe = (texte: string): string | undefined => comprendre(texte, { le: '2026-11-21' }).alerte;

/** Said plainly, and correctly: every one must be heard. What follows misspells each of them. */
const DITES: Readonly<Record<string, readonly string[]>> = {
  detresse: [
    'je veux mourir',
    'j’ai envie d’en finir avec la vie',
    'je n’ai plus envie de vivre',
    'je pense au suicide tous les soirs',
    'je ne veux plus vivre',
    'j’ai des idées noires depuis des semaines',
    'je voudrais disparaître pour toujours',
    'je pense à me tuer',
    'tout le monde serait mieux sans moi',
    'j’ai avalé tous mes médicaments',
    'je veux mettre fin à mes jours',
    'à quoi bon vivre si personne ne veut de moi',
  ],
  violence: [
    'mon mari me frappe',
    'mon compagnon est violent avec moi',
    'mon ex veut me tuer',
    'je suis victime de violences conjugales',
    'mon père me tape dessus',
    'il me bat tous les soirs',
  ],
  harcelement: [
    'mon chef me harcèle tous les jours',
    'mes collègues m’insultent devant tout le monde',
    'je suis victime de harcèlement au travail',
    'ils refusent de m’embaucher parce que je suis noir',
    'mon patron m’humilie devant les clients',
  ],
  expulsion: [
    'je vais être expulsé de mon logement',
    'je dors dans ma voiture depuis une semaine',
    'mon propriétaire veut me mettre dehors',
    'je suis à la rue avec mes enfants',
  ],
};
const toutes = Object.entries(DITES).flatMap(([alerte, phrases]) =>
  phrases.map((texte) => ({ texte, alerte })),
);

test('bien écrites, toutes sont entendues', () => {
  expect(toutes.filter((p) => alerteDe(p.texte) !== p.alerte).map((p) => p.texte)).toEqual([]);
});

test('mal écrites, elles le sont encore', () => {
  const ecritures = Object.entries({ ...FAUTES, phonetique });
  const manquees: string[] = [];
  let essais = 0;
  for (const { texte, alerte } of toutes)
    for (const [nom, faute] of ecritures) {
      const ecrite = faute(texte);
      if (ecrite === texte) continue;
      essais += 1;
      if (alerteDe(ecrite) !== alerte) manquees.push(`${nom} : ${ecrite}`);
    }
  expect(essais).toBeGreaterThan(150);
  expect(manquees).toEqual([]);
});

test('mal écrites, les autres phrases n’alarment pas', () => {
  const fausses: string[] = [];
  let essais = 0;
  for (const { texte } of lirePhrases()) {
    if (alerteDe(texte) !== undefined) continue;
    for (const ecrite of [FAUTES['qu en k']?.(texte) ?? texte, phonetique(texte)]) {
      essais += 1;
      if (alerteDe(ecrite) !== undefined) fausses.push(ecrite);
    }
  }
  expect(essais).toBeGreaterThan(3000);
  expect(fausses).toEqual([]);
});
