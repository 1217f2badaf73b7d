// The embedding guide shows its result as one chooses. The page is asked for again and its result taken: one place says what it is.
const ATTENTE_MS = 400;

const formulaire = document.querySelector<HTMLFormElement>('.options-lanceur');
let minuterie: ReturnType<typeof setTimeout> | undefined;
let demande: AbortController | undefined;

async function montrer(form: HTMLFormElement): Promise<void> {
  demande?.abort();
  const moi = (demande = new AbortController());
  const recherche = new URLSearchParams();
  for (const [nom, valeur] of new FormData(form)) if (typeof valeur === 'string') recherche.set(nom, valeur);
  const adresse = `${form.action}?${recherche}`;
  try {
    const reponse = await fetch(adresse, { signal: moi.signal });
    const page = new DOMParser().parseFromString(await reponse.text(), 'text/html');
    const [neuf, ici] = [page.getElementById('resultat'), document.getElementById('resultat')];
    if (neuf === null || ici === null) return;
    // The region that speaks stays, only its words change: a replaced one would not be read.
    const [avisNeuf, avis] = [neuf.querySelector('.avis-options'), ici.querySelector('.avis-options')];
    for (const [i, noeud] of [...neuf.children].entries())
      if (noeud !== avisNeuf && ici.children[i]?.outerHTML !== noeud.outerHTML)
        ici.children[i]?.replaceWith(noeud.cloneNode(true));
    if (avis !== null && avisNeuf !== null && avis.innerHTML !== avisNeuf.innerHTML) {
      avis.className = avisNeuf.className;
      avis.replaceChildren(...avisNeuf.childNodes);
    }
    history.replaceState(null, '', adresse);
  } catch (erreur) {
    // The button of the form still works, and says what is wrong.
    if (!moi.signal.aborted) throw erreur;
  }
}

formulaire?.addEventListener('input', () => {
  clearTimeout(minuterie);
  minuterie = setTimeout(() => void montrer(formulaire), ATTENTE_MS);
});
