/**
 * The desired state of the proxy server, and changes to it while the server runs: remotes with their ports and tokens, and gateways, from
 * files and from the store. Depends neither on HTTP nor on a database.
 */
@NullMarked
package io.portproxy.manage;

import org.jspecify.annotations.NullMarked;
