package io.portproxy.admin.api;

import java.util.List;

/**
 * One page of a list.
 *
 * @param items the entries of this page
 * @param page the page's number, from 0
 * @param size how many entries a page has, at most
 * @param total how many entries all pages have together
 */
record Page<T>(List<T> items, int page, int size, int total) {}
