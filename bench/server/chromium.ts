export const CHROMIUM = '/usr/bin/chromium';
