// Read an untrusted CSV file, and write it as text.

import {Mistake} from './words.js';

const SEPARATORS = [',', ';', '\t'];

/** Return {header, rows, columns}: `columns` has the index of each expected name in the header. */
export async function readCsv(file, {required, optional = [], limits}) {
  if (file.size > limits.bytes) {
    throw new Mistake(`The file is ${Math.round(file.size / 2 ** 20)} MB, but the limit is ${limits.bytes / 2 ** 20} MB.`, 'Split the file.');
  }
  let text;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(await file.arrayBuffer());
  } catch {
    throw new Mistake('The file is not text in UTF-8.', 'Save the file as “CSV UTF-8” and send it again.');
  }
  if (text.includes('\0')) throw new Mistake('The file is not CSV text. It is a binary file.', 'Save the file as “CSV UTF-8” and send it again.');
  if (!text.trim()) throw new Mistake('The file is empty.', 'Start from the template and add rows to it.');
  const line = text.split('\n', 1)[0];
  const separator = SEPARATORS.reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best));
  const [header, ...rows] = parse(text, separator, limits);
  const names = header.map((name) => name.trim());
  const places = new Map(names.map((name, place) => [name.toLowerCase(), place]));
  const missing = required.filter((name) => !places.has(name));
  if (missing.length) {
    throw new Mistake(`The first line does not have the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}.`, 'Start from the template, which has all columns.');
  }
  if (!rows.length) throw new Mistake('The file has a header row but no data rows.', 'Add at least one row.');
  const odd = rows.findIndex((row) => row.length !== names.length);
  if (odd >= 0) {
    throw new Mistake(`Row ${odd + 1} has ${rows[odd].length} cells, but the first line has ${names.length}.`, 'Every line must have as many cells as the first line. Put text that contains a separator in quotation marks.');
  }
  const columns = Object.fromEntries([...required, ...optional].filter((name) => places.has(name)).map((name) => [name, places.get(name)]));
  return {header: names, rows, columns, separator};
}

function parse(text, separator, limits) {
  const rows = [];
  let row = [], cell = '', quoted = false, cells = 0;
  const endRow = () => {
    row.push(cell);
    cell = '';
    if (row.length > 1 || row[0].trim()) rows.push(row);
    cells += row.length;
    row = [];
    if (rows.length > limits.rows + 1) {
      throw new Mistake(`The file has more than ${limits.rows.toLocaleString('en-US')} rows.`, 'Split the file into smaller files.');
    }
    if (cells > limits.cells) throw new Mistake(`The file has more than ${limits.cells.toLocaleString('en-US')} cells.`, 'Remove columns that the model does not use.');
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at++) {
    const one = text[at];
    if (quoted) {
      if (one !== '"') cell += one;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (one === '"' && !cell) {
      quoted = true;
    } else if (one === separator) {
      row.push(cell);
      cell = '';
    } else if (one === '\n') {
      endRow();
    } else if (one !== '\r') {
      cell += one;
    }
  }
  if (quoted) throw new Mistake('A quoted cell is never closed.', 'Add the closing quotation mark. To write a quotation mark inside a quoted cell, double it ("").');
  if (cell || row.length) endRow();
  return rows;
}

/** Return the sheet as CSV text with additional columns, each a name and its cells. */
export function writeCsv({header, rows, separator}, added) {
  const taken = new Set(header.map((name) => name.toLowerCase()));
  const names = added.map(([name]) => {
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
  const written = (cell) => {
    const text = String(cell ?? '');
    return /["\n\r]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [[...header, ...names], ...rows.map((row, place) => [...row, ...added.map(([, cells]) => cells[place])])];
  return `${lines.map((line) => line.map(written).join(separator)).join('\n')}\n`;
}
