/** Where the proxy answers inside the box. */
export const PROXY_PORT = 3128
/** The box's own scratch folder: profile and shared memory, gone with it. */
export const SCRATCH = '/work'

const FEATURES_OFF = [
  'AcceptCHFrame',
  'AutofillServerCommunication',
  'BlockInsecurePrivateNetworkRequests', // where a request may go is decided outside
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'HttpsUpgrades', // an address is opened as it was granted
  'InterestFeedContentSuggestions',
  'LocalNetworkAccessChecks',
  'MediaRouter',
  'OptimizationHints',
  'Translate',
]

/**
 * Chromium's own sandbox needs user namespaces, which a box refuses; so it runs without, and the box is what shuts it in.
 * The pipe is on the box's standard streams: there is no port to debug it by.
 */
export const FLAGS: readonly string[] = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-sandbox',
  `--user-data-dir=${SCRATCH}/profile`,
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-extensions',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-quic',
  '--disable-search-engine-choice-screen',
  '--metrics-recording-only',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--no-service-autorun',
  '--mute-audio',
  '--hide-scrollbars',
  '--password-store=basic',
  '--use-mock-keychain',
  '--force-color-profile=srgb',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  `--proxy-server=http://127.0.0.1:${PROXY_PORT}`,
  '--proxy-bypass-list=<-loopback>', // pages of this machine too go through the proxy
  `--disable-features=${FEATURES_OFF.join(',')}`,
  'about:blank',
]
