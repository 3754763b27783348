import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

const SELF = ["'self'"];
const NONE = ["'none'"];
/** Things of the browser that no page of ours needs. */
const OFF = [
  'accelerometer',
  'camera',
  'displayCapture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickeyCredentialsGet',
  'screenWakeLock',
  'usb',
  'xrSpatialTracking',
] as const;

/**
 * Headers of every answer: only our own files run or are shown, nobody frames or embeds us, and nothing is kept by the browser or a proxy unless the
 * route itself says so. `secure`: whether the outside address is https.
 */
export function strictHeaders(secure: () => boolean): MiddlewareHandler {
  const common = {
    contentSecurityPolicy: {
      defaultSrc: NONE,
      scriptSrc: SELF,
      styleSrc: SELF,
      imgSrc: SELF,
      fontSrc: SELF,
      connectSrc: SELF,
      manifestSrc: SELF,
      formAction: SELF,
      frameAncestors: NONE,
      baseUri: NONE,
    },
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    // Not `no-referrer`: with that a browser leaves the origin out of our own forms, and they are known by it.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    permissionsPolicy: Object.fromEntries(OFF.map((feature) => [feature, false])),
  };
  const plain = secureHeaders({ ...common, strictTransportSecurity: false });
  const overTls = secureHeaders({ ...common, strictTransportSecurity: 'max-age=31536000' });
  return async (context, next) => {
    await (secure() ? overTls : plain)(context, next);
    if (!context.res.headers.has('cache-control')) context.res.headers.set('cache-control', 'no-store');
  };
}
