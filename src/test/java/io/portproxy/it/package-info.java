/** The built jar, run as its users run it: processes of its own, between real programs. */
package io.portproxy.it;
