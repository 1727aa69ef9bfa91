#!/usr/bin/env bash
echo "Here goes what deploys your application."
