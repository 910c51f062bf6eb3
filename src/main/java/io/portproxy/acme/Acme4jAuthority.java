package io.portproxy.acme;

import io.portproxy.acme.AcmeFailure.Of;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * An authority, reached with the library acme4j. Before the first order of a process, it looks up the account by its key, or creates it.
 */
final class Acme4jAuthority implements Authority {
    /** How long the authority may take to check a challenge, and again to make the certificate. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * The error types that concern only the name of an order, so orders for other names may succeed (RFC 8555, section 6.7, and RFC 9773,
     * section 7.4).
     */
    private static final Set<String> OF_THE_NAME = Set.of(
            "alreadyReplaced",
            "badCSR",
            "caa",
            "connection",
            "dns",
            "incorrectResponse",
            "malformed",
            "orderNotReady",
            "rateLimited",
            "rejectedIdentifier",
            "tls",
            "unauthorized",
            "unsupportedIdentifier");

    private final AcmeSettings.Account account;
    private final AcmeSettings.Validation validation;
    private final Challenges challenges;
    private final KeyPair accountKey;
    private @Nullable Login login;

    Acme4jAuthority(AcmeSettings settings, Challenges challenges, KeyPair accountKey) {
        this.account = settings.account();
        this.validation = settings.validation();
        this.challenges = challenges;
        this.accountKey = accountKey;
    }

    /** A series of requests to the authority. */
    private interface Talk<T> {
        T run() throws AcmeException, AcmeFailure, InterruptedException;
    }

    @Override
    public List<X509Certificate> issue(Order order) throws AcmeFailure, InterruptedException {
        return talk(() -> issue(login(), order));
    }

    @Override
    public Optional<Advice> advice(X509Certificate certificate) throws AcmeFailure {
        try {
            return talk(() -> advice(login(), certificate));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AcmeFailure(Of.THE_AUTHORITY, "interrupted");
        }
    }

    private <T> T talk(Talk<T> talk) throws AcmeFailure, InterruptedException {
        try {
            return talk.run();
        } catch (AcmeException | AcmeProtocolException | AcmeLazyLoadingException e) {
            if (Thread.interrupted() || isInterruption(e)) {
                throw new InterruptedException();
            }
            AcmeFailure failure = failure(e);
            if (failure.of() == Of.THE_AUTHORITY) {
                login = null; // the next attempt loads the directory and the account again
            }
            throw failure;
        } finally {
            challenges.closeAll();
        }
    }

    /**
     * Returns whether an interruption caused the exception. The JDK's HTTP client throws such exceptions, and clears the interrupted status
     * of the thread.
     */
    private static boolean isInterruption(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    private Login login() throws AcmeException {
        Login current = login;
        if (current == null) {
            Session session = new Session(account.directory(), new TrustingProvider(account.trust()));
            AccountBuilder builder =
                    new AccountBuilder().agreeToTermsOfService().useKeyPair(accountKey);
            account.email().ifPresent(builder::addEmail);
            current = builder.createLogin(session);
            login = current;
        }
        return current;
    }

    private static Optional<Advice> advice(Login login, X509Certificate certificate) throws AcmeException {
        try {
            RenewalInfo info = login.bindRenewalInfo(certificate);
            Optional<Instant> askAgain = info.fetch();
            return Optional.of(new Advice(info.getSuggestedWindowStart(), info.getSuggestedWindowEnd(), askAgain));
        } catch (AcmeNotSupportedException e) {
            return Optional.empty();
        }
    }

    private List<X509Certificate> issue(Login account, Order wanted)
            throws AcmeException, AcmeFailure, InterruptedException {
        org.shredzone.acme4j.Order order = create(account, wanted);
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() != Status.VALID) { // an earlier proof may still be valid
                prove(authorization, wanted);
            }
        }
        order.waitUntilReady(PATIENCE);
        order.execute(wanted.key());
        Status status = order.waitForCompletion(PATIENCE);
        if (status != Status.VALID) {
            throw new AcmeFailure(
                    Of.THE_NAME,
                    order.getError()
                            .map(Acme4jAuthority::text)
                            .orElse("the authority has not made the certificate in time: the order is " + key(status)));
        }
        return order.getCertificate().getCertificateChain();
    }

    /** Creates the order. If the authority supports it, the order names the certificate that it replaces (RFC 9773, section 5). */
    private static org.shredzone.acme4j.Order create(Login account, Order wanted) throws AcmeException {
        boolean told = wanted.replaces().isPresent()
                && account.getSession()
                        .resourceUrlOptional(Resource.RENEWAL_INFO)
                        .isPresent();
        OrderBuilder builder = account.newOrder().domain(wanted.name());
        if (told) {
            builder.replaces(wanted.replaces().orElseThrow());
        }
        try {
            return builder.create();
        } catch (AcmeServerException e) {
            if (told && type(e).equals("alreadyReplaced")) { // an earlier attempt replaced it, but its answer was lost
                return account.newOrder().domain(wanted.name()).create();
            }
            throw e;
        }
    }

    private void prove(Authorization authorization, Order wanted)
            throws AcmeException, AcmeFailure, InterruptedException {
        Challenge challenge = Stream.concat(Stream.of(wanted.preferred()), validation.challenges().stream())
                .flatMap(type -> authorization.findChallenge(type.key()).stream())
                .findFirst()
                .orElseThrow(() -> new AcmeFailure(
                        Of.THE_NAME,
                        "the authority offers none of the challenges "
                                + validation.challenges().stream()
                                        .map(ChallengeType::key)
                                        .collect(Collectors.joining(", "))));
        try (ChallengeServer server = open(authorization, challenge, wanted.name())) {
            challenge.trigger();
            Status status = authorization.waitForCompletion(PATIENCE);
            if (status != Status.VALID) {
                String why = authorization
                        .findChallenge(challenge.getType())
                        .flatMap(Challenge::getError)
                        .map(Acme4jAuthority::text)
                        .orElse("the authority has not looked in time: the authorization is " + key(status));
                String requests = server.isOpen() ? " (" + server.requests() + " requests came)" : "";
                throw new AcmeFailure(Of.THE_NAME, challenge.getType() + ": " + why + requests);
            }
        }
    }

    private ChallengeServer open(Authorization authorization, Challenge challenge, String name) throws AcmeFailure {
        if (challenge instanceof Http01Challenge http) {
            challenges.openHttp(http.getToken(), http.getAuthorization());
            return validation.httpBind().isPresent()
                    ? ChallengeServer.open(validation.httpBind().get(), challenges)
                    : ChallengeServer.NONE;
        } else if (challenge instanceof TlsAlpn01Challenge tls) {
            KeyPair key = Identity.newRsaKey(); // acme4j signs this certificate with RSA
            X509Certificate certificate = tls.createCertificate(key, authorization.getIdentifier());
            challenges.openTls(name, new Identity(key.getPrivate(), List.of(certificate)).context());
        }
        return ChallengeServer.NONE;
    }

    private static AcmeFailure failure(Exception e) {
        if (e instanceof AcmeRateLimitedException limited) {
            return new AcmeFailure(Of.THE_NAME, text(limited.getProblem()), limited.getRetryAfter(), e);
        } else if (e instanceof AcmeServerException refused) {
            Of of = OF_THE_NAME.contains(type(refused)) ? Of.THE_NAME : Of.THE_AUTHORITY;
            return new AcmeFailure(of, text(refused.getProblem()), Optional.empty(), e);
        }
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ")
                    .append(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        }
        return new AcmeFailure(Of.THE_AUTHORITY, "the authority cannot be used: " + text, Optional.empty(), e);
    }

    private static String type(AcmeServerException e) {
        String type = e.getProblem().getType().toString();
        return type.substring(type.lastIndexOf(':') + 1);
    }

    /** Returns the authority's message, with the messages of its subproblems. */
    private static String text(Problem problem) {
        String text = problem.getDetail()
                .or(problem::getTitle)
                .orElseGet(() -> problem.getType().toString());
        return Stream.concat(
                        Stream.of(text), problem.getSubProblems().stream().flatMap(part -> part.getDetail().stream()))
                .collect(Collectors.joining("; "));
    }

    private static String key(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
