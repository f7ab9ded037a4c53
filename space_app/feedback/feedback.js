() => document.addEventListener('click', async (event) => {
  const button = event.target.closest('.feedback button');
  if (!button) return;
  const form = button.closest('.feedback'), said = form.querySelector('[role="status"]');
  if (form.dataset.busy) return;
  form.dataset.busy = 'true';
  const right = button.value === 'right';
  const correction = (!right && form.querySelector('select')?.value) || null;
  try {
    const reply = await fetch(new URL('api/feedback', location), {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({answer: form.dataset.answer, right, correction}),
    });
    const found = await reply.json();
    said.textContent = found.message ?? found.detail;
    if (reply.ok) {
      form.querySelector('fieldset').hidden = true;
      said.focus();
    }
  } catch {
    said.textContent = 'Your feedback could not be sent. Try again.';
  }
  delete form.dataset.busy;
})
