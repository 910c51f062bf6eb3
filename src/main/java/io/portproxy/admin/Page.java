package io.portproxy.admin;

import java.util.List;

/**
 * A part of a list.
 *
 * @param items the entries of this page
 * @param page its number, from 0
 * @param size how many entries a page has, at most
 * @param total the entries of all pages
 */
record Page<T>(List<T> items, int page, int size, int total) {}
