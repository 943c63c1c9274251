// Runs before the first paint so that the page never flashes in the other theme. The settings page writes these keys.
;(function () {
  var root = document.documentElement
  try {
    var theme = localStorage.getItem('life-os.theme') || 'system'
    var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    root.dataset.theme = dark ? 'dark' : 'light'
    root.dataset.density = localStorage.getItem('life-os.density') || 'compact'
  } catch (unavailable) {
    root.dataset.theme = 'light'
    root.dataset.density = 'compact'
  }
})()
