package io.portproxy.manage;

/** Keeps what the API adds over restarts. */
public interface Store extends RemoteStore, AccountStore {}
