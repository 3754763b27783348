import { expect, it } from 'vitest';
import { isUploadHost } from './upload.ts';

it.each([
  ['https://api.github.com', 'https://uploads.github.com', true],
  ['https://api.acme.ghe.com', 'https://uploads.acme.ghe.com', true],
  ['https://ghe.acme.example/api/v3', 'https://ghe.acme.example/api/uploads', true],
  ['http://127.0.0.1:8080/api/v3', 'http://127.0.0.1:8080/api/uploads', true],
  ['https://api.github.com', 'https://uploads.github.example', false],
  ['https://api.github.com', 'https://uploads.github.com.evil.example', false],
  ['https://api.github.com', 'http://uploads.github.com', false],
  ['https://api.github.com', 'https://uploads.github.com:8443', false],
  ['https://ghe.acme.example/api/v3', 'https://uploads.ghe.acme.example', false],
  ['https://ghe.acme.example/api/v3', 'http://ghe.acme.example/api/uploads', false],
  ['http://127.0.0.1:8080/api/v3', 'http://127.0.0.1:8081/api/uploads', false],
])('with the API at %s files go to %s: %s', (apiUrl, uploads, goes) => {
  expect(isUploadHost(new URL(uploads), new URL(apiUrl))).toBe(goes);
});
