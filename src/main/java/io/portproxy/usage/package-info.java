/**
 * The usage of each port and host, by hour, day and month. It is read from counters, kept in a store, and compared with quotas. Depends
 * neither on HTTP nor on a database.
 */
@NullMarked
package io.portproxy.usage;

import org.jspecify.annotations.NullMarked;
