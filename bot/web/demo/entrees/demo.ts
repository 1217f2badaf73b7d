// Copies an example sentence, so that a newcomer has something to say. Without a clipboard the sentence is selected instead.
const etat = document.getElementById('copie');
for (const bouton of document.querySelectorAll<HTMLButtonElement>('.phrases button')) {
  bouton.addEventListener('click', async () => {
    const phrase = bouton.textContent ?? '';
    try {
      await navigator.clipboard.writeText(phrase);
      if (etat !== null) etat.textContent = 'Phrase copiée.';
    } catch {
      getSelection()?.selectAllChildren(bouton);
      if (etat !== null) etat.textContent = 'Phrase sélectionnée : copiez-la.';
    }
  });
}
