/**
 * Certificates by themselves: orders them from an authority by ACME (RFC 8555), keeps them in files, and renews them. It knows
 * nothing of what serves with them.
 */
@NullMarked
package io.portproxy.acme;

import org.jspecify.annotations.NullMarked;
