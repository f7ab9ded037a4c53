// TF-IDF with logistic regression: words and pairs of words, each with a weight (spacehub/serving/titles/linear.py).

const TOKEN = '(?u)\\b\\w\\w+\\b';
const WORD = /[\p{L}\p{N}_]{2,}/gu;

export class Linear {
  constructor(file) {
    if (file.token !== TOKEN) throw new Error('it splits words by a different rule');
    this.terms = new Map(Object.entries(file.terms));
    this.temperature = file.temperature;
    this.threshold = file.threshold;
    this.known = file.intercept / file.temperature;
  }

  /** Return the words of a text: at least two letters or digits, in lower case. */
  words(text) {
    return text.toLowerCase().match(WORD) ?? [];
  }

  /** Return how much each known term adds to the log odds of space. */
  parts(text) {
    const words = this.words(text), counts = new Map();
    const terms = [...words, ...words.slice(1).map((word, place) => `${words[place]} ${word}`)];
    for (const term of terms) if (this.terms.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
    const weights = [...counts].map(([term, n]) => [term, (1 + Math.log(n)) * this.terms.get(term)[0]]);
    const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight ** 2, 0)) || 1;
    return new Map(weights.map(([term, weight]) => [term, ((weight / length) * this.terms.get(term)[1]) / this.temperature]));
  }

  chance(text) {
    let odds = this.known;
    for (const weight of this.parts(text).values()) odds += weight;
    return 1 / (1 + Math.exp(-odds));
  }
}
