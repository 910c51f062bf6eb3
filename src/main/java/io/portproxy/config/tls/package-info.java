/** The SSL bundles that the roles name: checked, reloaded, and watched for certificates that end. */
@NullMarked
package io.portproxy.config.tls;

import org.jspecify.annotations.NullMarked;
