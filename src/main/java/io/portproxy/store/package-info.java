/**
 * Keeps remotes in a database: H2 in a file, or PostgreSQL. The only package that knows SQL. Nothing of it is started before it is
 * needed.
 */
@NullMarked
package io.portproxy.store;

import org.jspecify.annotations.NullMarked;
