// Light or dark as the visitor's system is: the style sheets follow this class. Not a module, so it runs before the page shows.
{
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => document.documentElement.classList.toggle('dark', dark.matches);
  dark.addEventListener('change', follow);
  follow();
}
