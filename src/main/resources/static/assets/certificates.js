// The table of certificates: by ACME, and of SSL bundles.

import { setBadge, setText } from './dom.js';
import * as format from './format.js';
import { store } from './store.js';
import { Table } from './table.js';

const SOON_MILLIS = 14 * 86_400_000;

const left = (certificate) => Date.parse(certificate.notAfter) - Date.now();

function showState(cell, certificate) {
  if (certificate.selfSigned) {
    setBadge(cell, certificate.state === 'ordering' ? 'ordering' : 'self-signed', certificate.lastFailure ? 'bad' : 'warn', 'Not trusted by anybody; in use until the first certificate is issued');
  } else if (left(certificate) < 0) {
    setBadge(cell, 'expired', 'bad', 'Clients that check it refuse it');
  } else if (left(certificate) < SOON_MILLIS) {
    setBadge(cell, 'expires soon', certificate.lastFailure ? 'bad' : 'warn', 'It expires within 14 days');
  } else {
    setBadge(cell, certificate.state, certificate.lastFailure ? 'warn' : 'good', certificate.lastFailure ? 'It is in use; the last attempt to renew it failed' : '');
  }
}

function showEnd(cell, certificate) {
  const text = left(certificate) > 0 ? `in ${format.duration(left(certificate))}` : `${format.ago(certificate.notAfter)}`;
  setText(cell, certificate.selfSigned ? format.NONE : text, format.date(certificate.notAfter));
}

const columns = [
  { key: 'name', label: 'Name', show: (cell, c) => { cell.classList.add('mono'); setText(cell, c.name); } },
  { key: 'source', label: 'From', tip: 'By ACME, or an SSL bundle', narrow: 'm', show: (cell, c) => setText(cell, c.source === 'acme' ? 'ACME' : 'files') },
  { key: 'state', label: 'State', show: showState },
  { key: 'end', label: 'Ends', number: true, show: showEnd },
  { key: 'issuer', label: 'Issuer', narrow: 'l', show: (cell, c) => setText(cell, c.issuer ?? format.NONE) },
  { key: 'next', label: 'Next attempt', narrow: 'm', number: true, show: (cell, c) => setText(cell, c.nextAttempt ? format.date(c.nextAttempt) : format.NONE) },
  { key: 'failure', label: 'Last failure', show: (cell, c) => setText(cell, c.lastFailure ?? format.NONE, c.lastFailure ?? '') },
];

let table;

/** Shows them; call it only while there are some. */
export function showCertificates() {
  table ??= new Table(document.getElementById('certificates-table'), { caption: 'Certificates', columns, key: (c) => `${c.source} ${c.name} ${c.source === 'acme' ? '' : c.notAfter}`, sort: '', onSort: () => {} });
  table.show(store.certificates);
}

export const hasCertificates = () => (store.certificates ?? []).length > 0;
