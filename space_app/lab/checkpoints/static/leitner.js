// The Leitner scheme (S. Leitner, So lernt man lernen, 1972): a question moves up a box with each right answer
// and back to the first with a wrong one; the higher its box, the later it is asked again.

export const BOXES = 5;
// Days until a question in box 2, 3 … is asked again. A question in box 1 waits for minutes.
const DAYS = [1, 3, 7, 21];
const MINUTES = 5;

// Where a question goes after an answer: its box, and the moment (ms) from which it is due again.
// A question that was never asked has no place yet, and counts as in box 1.
export function move(place, right, now) {
  const box = right ? Math.min((place?.box ?? 1) + 1, BOXES) : 1;
  if (box === 1) return {box, due: now + MINUTES * 60_000};
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() + DAYS[box - 2]);
  return {box, due: day.getTime()};
}

// The question to ask now: due questions, longest overdue first; then new ones, in the course's order; then those of
// box 1 that still wait. Undefined if no question is left to ask.
export function next(questions, places, now) {
  const placed = questions.filter(({key}) => places[key]);
  placed.sort((one, other) => places[one.key].due - places[other.key].due);
  return placed.find(({key}) => places[key].due <= now)
    ?? questions.find(({key}) => !places[key])
    ?? placed.find(({key}) => places[key].box === 1);
}

// How many questions are due, new, and in each box; and when the next question is due.
export function count(questions, places, now) {
  const boxes = Array(BOXES).fill(0);
  let due = 0, fresh = 0, soonest = Infinity;
  for (const {key} of questions) {
    const place = places[key];
    if (!place) { fresh++; continue; }
    boxes[place.box - 1]++;
    if (place.due <= now) due++;
    soonest = Math.min(soonest, place.due);
  }
  return {boxes, due, fresh, soonest};
}
