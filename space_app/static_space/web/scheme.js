// Set a class for light or dark, as the visitor's system has it; the style sheets follow it. Not a module, so it runs before the page shows.
{
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => document.documentElement.classList.toggle('dark', dark.matches);
  dark.addEventListener('change', follow);
  follow();
}
