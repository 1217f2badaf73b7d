// natural ships no types for its files, and its root must not be imported (it reads .env and loads four databases).
declare module 'natural/lib/natural/stemmers/porter_stemmer_fr.js' {
  const stemmer: { stem(mot: string): string };
  export default stemmer;
}
declare module 'natural/lib/natural/classifiers/bayes_classifier.js' {
  export default class BayesClassifier {
    constructor(stemmer?: unknown, lissage?: number);
    addDocument(document: string | readonly string[], etiquette: string): void;
    train(): void;
    getClassifications(document: string | readonly string[]): { label: string; value: number }[];
    classify(document: string | readonly string[]): string;
    setOptions(options: { keepStops?: boolean }): void;
  }
}
