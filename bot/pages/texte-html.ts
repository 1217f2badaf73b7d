import { echapperHtml } from '../http/index.ts';

const LIEN = /\[([^\]]+)\]\((https:\/\/[^\s)]+|tel:[+\d]+|mailto:[^\s)]+)\)/g;

/** Strong and links of one line; everything else is escaped first. */
function enLigne(texte: string): string {
  return echapperHtml(texte)
    .replaceAll(LIEN, (_, libelle: string, url: string) => `<a href="${url}">${libelle}</a>`)
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}

/** The few formats our texts use (paragraphs, `- ` lists, `**strong**`, links) as HTML. Input is ours, yet escaped all the same. */
export function texteEnHtml(texte: string): string {
  return texte
    .split(/\n{2,}/)
    .map((bloc) => {
      const lignes = bloc.split('\n');
      const debut = lignes.findIndex((l) => l.startsWith('- '));
      if (debut === -1) return `<p>${lignes.map(enLigne).join('<br>')}</p>`;
      const avant = lignes.slice(0, debut).map(enLigne).join('<br>');
      const liste = lignes
        .slice(debut)
        .map((l) => `<li>${enLigne(l.replace(/^- /, ''))}</li>`)
        .join('');
      return `${avant === '' ? '' : `<p>${avant}</p>`}<ul>${liste}</ul>`;
    })
    .join('\n');
}
