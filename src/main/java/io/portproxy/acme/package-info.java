/**
 * Automatic certificates: orders them from an authority by ACME (RFC 8555), keeps them in files, and renews them. Does not depend on the
 * servers that use the certificates.
 */
@NullMarked
package io.portproxy.acme;

import org.jspecify.annotations.NullMarked;
