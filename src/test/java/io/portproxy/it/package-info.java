/** Tests of the built jar, run as its users run it: in processes of its own, between real programs. */
package io.portproxy.it;
