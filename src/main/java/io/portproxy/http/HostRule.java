package io.portproxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Decides for one connection whether a host that the user named is replaced, and by what. */
final class HostRule {
    private final HostHeader header;
    private final byte[] replacement;
    private final String configuredHost;
    private final InetAddress local;
    private final String localText;
    private final int port;

    HostRule(HttpRewriteSettings settings, InetSocketAddress exposed) {
        this.header = settings.hostHeader();
        this.replacement =
                (header instanceof HostHeader.Literal literal ? literal.value() : settings.target()).getBytes(US_ASCII);
        this.configuredHost = settings.configuredHost();
        this.local = exposed.getAddress();
        this.localText = IpText.of(local);
        this.port = exposed.getPort();
    }

    boolean replaces(Authority named) {
        if (header instanceof HostHeader.Policy policy) {
            return switch (policy) {
                case DEFAULT -> namesExposed(named);
                case REWRITE -> true;
                case PRESERVE -> false;
            };
        }
        return true;
    }

    /** What it is replaced by. The caller does not change it. */
    byte[] replacement() {
        return replacement;
    }

    private boolean namesExposed(Authority named) {
        return named.portOr(Authority.HTTP_PORT) == port && isExposedHost(named.host());
    }

    private boolean isExposedHost(String host) {
        return host.equals(localText)
                || isConfigured(host)
                || (local.isLoopbackAddress() && host.equalsIgnoreCase("localhost"))
                || IpText.isLiteralOf(host, local);
    }

    /** The configuration may write a v6 address without the brackets that it has in a request. */
    private boolean isConfigured(String host) {
        if (configuredHost.isEmpty()) {
            return false;
        }
        boolean bracketed = host.length() == configuredHost.length() + 2 && host.charAt(0) == '[';
        return host.regionMatches(true, bracketed ? 1 : 0, configuredHost, 0, configuredHost.length())
                && (bracketed || host.length() == configuredHost.length());
    }
}
