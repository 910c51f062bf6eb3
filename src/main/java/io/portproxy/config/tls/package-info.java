/** The SSL bundles that the roles name. This package checks them, reloads them, and warns of certificates that expire. */
@NullMarked
package io.portproxy.config.tls;

import org.jspecify.annotations.NullMarked;
