/**
 * What users of each port and host have come to, by hour, day and month: it is read from counters, kept in a store, and compared
 * with quotas. Knows neither HTTP nor a database.
 */
@NullMarked
package io.portproxy.usage;

import org.jspecify.annotations.NullMarked;
