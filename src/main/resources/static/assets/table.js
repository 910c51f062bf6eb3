// A table that is refreshed in place: rows keep their elements, and with them the focus.

import { element, keepFocus, setAttribute } from './dom.js';

/**
 * A column is {key, label, tip, number, narrow, sort, value(row), show(cell, row)}: with sort its heading is a button;
 * value is what to sort by; narrow is the width class below which it is left out.
 */
export class Table {
  constructor(target, { caption, columns, key, sort, onSort }) {
    this.columns = columns;
    this.key = key;
    this.sort = sort;
    this.onSort = onSort;
    this.rows = new Map();
    this.head = element('tr');
    this.body = element('tbody');
    target.replaceChildren(element('caption', { class: 'unseen' }, caption), element('thead', {}, this.head), this.body);
    this.headings = columns.map((column) => this.heading(column));
    this.head.append(...this.headings);
    this.showSort();
  }

  heading(column) {
    const label = column.unseen ? element('span', { class: 'unseen' }, column.label) : column.label;
    const content = column.sort
      ? element('button', { type: 'button', title: column.tip, click: () => this.sortBy(column) }, label)
      : label;
    return element('th', { scope: 'col', class: this.classes(column), title: column.sort ? undefined : column.tip }, content);
  }

  classes(column) {
    return [column.number ? 'number' : '', column.narrow ? `from-${column.narrow}` : ''].join(' ').trim();
  }

  sortBy(column) {
    const [key, direction] = this.sort.split(',');
    const first = column.number || column.descending ? 'desc' : 'asc';
    const next = key !== column.key ? first : direction === 'asc' ? 'desc' : 'asc';
    this.setSort(`${column.key},${next}`);
    this.onSort(this.sort);
  }

  setSort(sort) {
    this.sort = sort;
    this.showSort();
  }

  showSort() {
    const [key, direction] = this.sort.split(',');
    this.columns.forEach((column, index) => {
      if (column.sort) {
        const value = column.key !== key ? 'none' : direction === 'desc' ? 'descending' : 'ascending';
        setAttribute(this.headings[index], 'aria-sort', value);
      }
    });
  }

  /** Sorts here, for what the server does not sort. */
  sorted(rows) {
    const [key, direction] = this.sort.split(',');
    const column = this.columns.find((each) => each.key === key);
    if (!column?.value) {
      return rows;
    }
    const sign = direction === 'desc' ? -1 : 1;
    return [...rows].sort((a, b) => {
      const [left, right] = [column.value(a), column.value(b)];
      return sign * (typeof left === 'string' ? left.localeCompare(right, 'en', { numeric: true }) : left - right);
    });
  }

  show(rows) {
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    const left = new Map(this.rows);
    rows.forEach((row, index) => {
      const key = this.key(row);
      left.delete(key);
      const line = this.rows.get(key) ?? this.line(key);
      this.columns.forEach((column, position) => column.show(line.cells[position], row));
      if (this.body.children[index] !== line) {
        this.body.insertBefore(line, this.body.children[index] ?? null);
      }
    });
    left.forEach((line, key) => {
      line.remove();
      this.rows.delete(key);
    });
    if (focused?.isConnected && document.activeElement !== focused) {
      focused.focus({ preventScroll: true });
    } else if (focused && !focused.isConnected) {
      keepFocus(); // its row is gone
    }
  }

  line(key) {
    const line = element('tr');
    this.columns.forEach((column, index) => {
      const cell = element(index === 0 ? 'th' : 'td', { class: this.classes(column), scope: index === 0 ? 'row' : undefined });
      line.append(cell);
    });
    this.rows.set(key, line);
    return line;
  }
}
