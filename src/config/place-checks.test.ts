import { expect, it } from 'vitest';
import { smallTrain } from '../testing/small-train.ts';
import { placeContradictions } from './place-checks.ts';
import { keyText } from './tree.ts';

const server = { endpoint: 'https://mirror.example', credentials: 'mirror' };

it.each<readonly [object, readonly string[]]>([
  [{ address: 'https://download.example/whl/', origin: 's3://wheels/whl', server }, []],
  [{ address: 's3://wheels', server }, []],
  [{ address: 'stores/stable' }, []],
  [{ server }, []],
  [{}, []],
  [{ store: 'package-index', address: 'https://index.example' }, []],
  [{ store: 'package-index', address: 'https://index.example', upload: 'https://upload.example/legacy/' }, []],
  [{ store: 'package-index', upload: 'http://127.0.0.1:8080/legacy/' }, []],
  [
    { store: 'package-index', upload: 'http://localhost.example/legacy/' },
    ['channels.stable.places[0].upload: a token may not be sent there in the clear: write https://…'],
  ],
  [
    { address: 'stores/stable', upload: 'https://upload.example/legacy/' },
    [
      'channels.stable.places[0].upload: only a package index is uploaded to in that way, and this is a place of kind object-store',
    ],
  ],
  [
    { address: 'gs://wheels' },
    ['channels.stable.places[0].address: is no address: write https://…, s3://bucket/prefix, or a folder'],
  ],
  [
    { address: 'https://download.example', origin: 'https://upload.example' },
    ['channels.stable.places[0].origin: nothing can be written there: write s3://bucket/prefix, or a folder'],
  ],
  [
    { store: 'package-index', address: 's3://index', origin: 's3://index' },
    [
      'channels.stable.places[0].address: a package-index is read over HTTP: write https://…',
      'channels.stable.places[0].origin: a package-index has no origin, only stores of objects do',
    ],
  ],
  [
    { address: 'stores/stable', server },
    ['channels.stable.places[0].server: belongs to an `s3://` address, and this place has none'],
  ],
])('tells of a place %j', (place, texts) => {
  const stable = { title: 'Stable', write: 'append', places: [{ holds: 'wheel', store: 'object-store', ...place }] };
  const train = smallTrain({}, { channels: { stable } });
  expect(placeContradictions(train).map(({ path, text }) => `${keyText(path)}: ${text}`)).toEqual(texts);
});
