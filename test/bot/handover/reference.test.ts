import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lireReference, nouvelleReference } from '../../../bot/handover/reference.ts';

const ALPHABET = '0123456789ABCDEFGHJKMPQRSTVWXYZ';
const references = fc.constant(0).map(() => nouvelleReference((n) => randomBytes(n)));

describe('référence', () => {
  it('se dicte : deux groupes de cinq, sans lettre ambiguë', () => {
    expect(nouvelleReference((n) => new Uint8Array(n))).toBe('CEP-00000-00000');
    // 1×(2+3+…+10) = 54 ; 54 modulo 31 = 23, la 24e lettre de l’alphabet : R… (0-9, A=10, …, P=21, Q=22, R=23).
    expect(nouvelleReference((n) => new Uint8Array(n).fill(1))).toBe('CEP-11111-1111R');
    fc.assert(fc.property(references, (r) => /^CEP-[0-9A-HJKMP-TV-Z]{5}-[0-9A-HJKMP-TV-Z]{5}$/.test(r)));
  });

  it('écarte les octets qui favoriseraient certaines lettres', () => {
    const suite = [255, 248, 250, ...Array.from({ length: 9 }, () => 247)];
    const alea = (n: number): Uint8Array => Uint8Array.from(suite.splice(0, n));
    expect(nouvelleReference(alea).slice(0, 9)).toBe('CEP-ZZZZZ');
  });

  it('se relit comme les gens l’écrivent', () => {
    const r = 'CEP-11111-1111R';
    for (const saisie of ['cep 11111 1111r', '111111111R', ' CEP–lIl1I–1111r ', 'c.e.p. 11111 1111 R'])
      expect(lireReference(saisie)).toEqual({ ok: true, valeur: r });
    fc.assert(fc.property(references, (x) => lireReference(x.toLowerCase().replaceAll('-', ' ')).ok));
  });

  it('attrape tout caractère faux et toute inversion', () => {
    fc.assert(
      fc.property(references, fc.nat(9), fc.nat(30), (reference, ou, quoi) => {
        const corps = reference.replaceAll('-', '').slice(3);
        const faux = corps.slice(0, ou) + ALPHABET.charAt(quoi) + corps.slice(ou + 1);
        expect(lireReference(faux).ok).toBe(faux === corps);
      }),
    );
    fc.assert(
      fc.property(references, fc.nat(7), (reference, ou) => {
        const corps = reference.replaceAll('-', '').slice(3);
        const inverse = corps.slice(0, ou) + corps.charAt(ou + 1) + corps.charAt(ou) + corps.slice(ou + 2);
        expect(lireReference(inverse).ok).toBe(inverse === corps);
      }),
    );
  });

  it('refuse le reste sans rien dire de ce qui existe', () => {
    for (const saisie of ['', 'CEP', '🙂', 'CEP-11111-1111', 'CEP-11111-1111RR', 'x'.repeat(10_000)])
      expect(lireReference(saisie)).toEqual({
        ok: false,
        refus: { code: 'reference-illisible', raison: 'forme' },
      });
    expect(lireReference('CEP-11111-11112')).toEqual({
      ok: false,
      refus: { code: 'reference-illisible', raison: 'cle' },
    });
  });
});
