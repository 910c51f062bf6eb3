/**
 * Keeps remotes in a database: H2 in a file, or PostgreSQL. This is the only package that uses SQL. It starts nothing before the
 * server needs it.
 */
@NullMarked
package io.portproxy.store;

import org.jspecify.annotations.NullMarked;
