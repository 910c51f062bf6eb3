package io.portproxy.net.tls;

import java.io.EOFException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Describes in one phrase what went wrong with TLS, from the JDK's exceptions. The phrase is for a log line, and shows
 * on which side something must be changed.
 */
final class TlsFailure {
    private static final String RECEIVED = "Received fatal alert: ";

    /** Alerts of a peer that rejects the certificate that it was shown. RFC 8446, section 6.2. */
    private static final Set<String> CERTIFICATE_ALERTS = Set.of(
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    private static final Set<String> MISMATCH_ALERTS =
            Set.of("handshake_failure", "protocol_version", "insufficient_security");

    private final String peer;
    private final boolean client;
    private final String host;

    /** Creates the descriptions of a client about the server with that name. */
    static TlsFailure ofServer(String host) {
        return new TlsFailure("the server", true, host);
    }

    /** Creates the descriptions of a server about a client. */
    static TlsFailure ofClient() {
        return new TlsFailure("the client", false, "");
    }

    private TlsFailure(String peer, boolean client, String host) {
        this.peer = peer;
        this.client = client;
        this.host = host;
    }

    /**
     * Returns the phrase for a failed handshake.
     *
     * @param session the session as far as the handshake had come; null if there was none
     * @param heard whether the peer had sent a byte
     */
    String ofHandshake(Throwable cause, @Nullable SSLSession session, boolean heard) {
        if (cause instanceof NotTlsException) {
            return notTls(String.valueOf(cause.getMessage()));
        }
        Optional<String> known = describe(cause, session);
        if (known.isPresent()) {
            return known.get();
        }
        if (cause instanceof SSLException) {
            return "the TLS handshake with " + peer + " failed: " + cause.getMessage();
        }
        if (cause instanceof EOFException || (client && !heard)) { // in this case a RST says no more than a FIN
            return closed(session, heard);
        }
        return "the TLS handshake with " + peer + " broke off: " + cause.getMessage();
    }

    /** Returns the phrase for a handshake that has exceeded its time. */
    String ofDeadline(String timeout, boolean heard) {
        return heard
                ? "the TLS handshake with " + peer + " was not complete within " + timeout
                : peer + " said nothing in TLS within " + timeout;
    }

    String notTls(String what) {
        return peer + " does not speak TLS: " + what;
    }

    /** Returns the phrase for a failure after the handshake. */
    String ofStream(IOException cause, @Nullable SSLSession session) {
        return describe(cause, session)
                .orElseGet(() -> cause instanceof SSLException
                        ? "TLS with " + peer + " failed: " + cause.getMessage()
                        : String.valueOf(cause.getMessage()));
    }

    String cut() {
        return peer + " ended the connection without TLS's close_notify: what it sent may have been cut";
    }

    private String closed(@Nullable SSLSession session, boolean heard) {
        if (client && !heard) {
            return peer + " ended the connection without an answer in TLS; perhaps it does not speak TLS on this port";
        }
        return peer + " closed the connection during the TLS handshake" + ownFault(session);
    }

    private Optional<String> describe(Throwable cause, @Nullable SSLSession session) {
        String message = String.valueOf(cause.getMessage());
        int received = message.indexOf(RECEIVED);
        if (received >= 0) {
            return Optional.of(alert(message.substring(received + RECEIVED.length()), session));
        }
        Optional<String> certificate = certificate(cause);
        return certificate.isPresent() ? certificate : agreement(message);
    }

    private String alert(String alert, @Nullable SSLSession session) {
        String behind = " (TLS alert " + alert + ")";
        if (client && isWantOfCertificate(alert, session)) {
            return peer + " requires a certificate of an authority that it trusts, and this side has shown none"
                    + behind;
        }
        if (CERTIFICATE_ALERTS.contains(alert)) {
            return peer + " rejected this side's certificate" + behind + ownFault(session);
        }
        if (MISMATCH_ALERTS.contains(alert)) {
            return peer + " has no TLS version or cipher suite in common with this side" + behind;
        }
        if (client && session == null && alert.equals("unexpected_message")) {
            return peer + " does not speak TLS on this port" + behind;
        }
        return peer + " ended TLS" + behind;
    }

    private static boolean isWantOfCertificate(String alert, @Nullable SSLSession session) {
        if (own(session) != null) {
            return false;
        }
        return alert.equals("certificate_required")
                || CERTIFICATE_ALERTS.contains(alert)
                // Both sides had already agreed on version and cipher.
                || (alert.equals("handshake_failure") && session != null);
    }

    private static @Nullable X509Certificate own(@Nullable SSLSession session) {
        Certificate[] own = session == null ? null : session.getLocalCertificates();
        return own != null && own.length > 0 && own[0] instanceof X509Certificate certificate ? certificate : null;
    }

    private static String ownFault(@Nullable SSLSession session) {
        X509Certificate own = own(session);
        if (own == null) {
            return "";
        }
        try {
            own.checkValidity();
            return "";
        } catch (CertificateExpiredException e) {
            return "; it expired at " + own.getNotAfter().toInstant();
        } catch (CertificateNotYetValidException e) {
            return "; it is not valid before " + own.getNotBefore().toInstant();
        }
    }

    private Optional<String> certificate(Throwable cause) {
        String what = "";
        for (Throwable t = cause; t != null; t = t.getCause()) { // the innermost cause is the most precise one
            if (t instanceof CertificateExpiredException) {
                what = "'s certificate, or the certificate of an authority that signed it, has expired: "
                        + t.getMessage();
            } else if (t instanceof CertificateNotYetValidException) {
                what = "'s certificate, or the certificate of an authority that signed it, is not valid yet: "
                        + t.getMessage();
            } else if (t instanceof CertPathBuilderException || t instanceof CertPathValidatorException) {
                what = "'s certificate is not trusted: " + t.getMessage();
            } else if (t instanceof CertificateException) {
                what = nameOrOther(String.valueOf(t.getMessage()));
            }
        }
        return what.isEmpty() ? Optional.empty() : Optional.of(peer + what);
    }

    private String nameOrOther(String message) {
        // The JDK has no separate exception for this. These are the beginnings of all its messages.
        boolean name = client
                && (message.startsWith("No name matching")
                        || message.startsWith("No subject alternative")
                        || message.startsWith("Illegal given domain name"));
        return name
                ? "'s certificate is not for the name \"" + host + "\": " + message
                : "'s certificate is not accepted: " + message;
    }

    private Optional<String> agreement(String message) {
        if (message.contains("Empty client certificate chain") || message.contains("null cert chain")) {
            return Optional.of(
                    peer + " has shown no certificate of an authority that this side trusts, and one is required");
        }
        if (message.contains("no cipher suites in common")
                || message.contains("No appropriate protocol")
                || message.contains("protocol version")) {
            return Optional.of("no TLS version or cipher suite in common with " + peer + ": " + message);
        }
        if (message.contains("No available authentication scheme")) {
            return Optional.of("this side has no certificate and key that would do for " + peer + ": " + message);
        }
        if (message.contains("Unsupported or unrecognized SSL message")) {
            return Optional.of(notTls("its greeting is of no version of TLS"));
        }
        return Optional.empty();
    }
}
