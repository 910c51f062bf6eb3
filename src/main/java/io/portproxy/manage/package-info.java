/**
 * What the proxy server is to expose, and how that is changed while it runs: remotes, their ports and tokens, from files and from
 * the store. Knows neither HTTP nor a database.
 */
@NullMarked
package io.portproxy.manage;

import org.jspecify.annotations.NullMarked;
